/** The page: top bar, people, phones side by side. Events come in here and go to the phone they concern. */

import * as api from "./api.js";
import { Clock } from "./clock.js";
import { personInHash, startPayload } from "./deeplink.js";
import { avatar, h, icon, nameOf } from "./dom.js";
import { FaultPanel } from "./faults.js";
import { listen } from "./live.js";
import { askForPerson, drawPeople, drawTabs } from "./people.js";
import { Phone } from "./phone.js";
import { openMenu, openPopover } from "./popover.js";
import { applyTheme, remember, settings } from "./settings.js";
import { Store } from "./store.js";
import { ZONES } from "./time.js";
import { t } from "./words.js";

const NOTICE = 5000;
const FIRST_PHONES = 3;

class Page {
  constructor() {
    this.store = new Store();
    this.phones = new Map();
    this.clock = new Clock((text) => this.notice(text));
    this.faults = new FaultPanel({
      bot: () => this.store.bot,
      phones: () => [...this.phones.values()],
      notice: (text) => this.notice(text),
    });
    this.inView = new IntersectionObserver((entries) => entries.forEach((entry) => this.viewed(entry)), { threshold: 0.5 });
    this.build();
  }

  build() {
    this.banner = h("div", { class: "banner", role: "status", hidden: true });
    this.list = h("ul", { class: "people-list" });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": t("people"), onkeydown: (event) => this.tabKey(event) });
    this.row = h("main", { class: "row-of-phones", id: "phones" });
    this.nobody = h("div", { class: "nobody", hidden: true }, h("strong", {}, t("noPhones")), h("p", {}, t("noPhonesHint")));
    this.row.append(this.nobody);
    this.notices = h("div", { class: "notices", "aria-live": "assertive" });
    document.body.append(this.topBar(), this.banner, this.strip(), this.people(), this.row, this.notices);
    document.documentElement.lang = settings.language;
    document.addEventListener("visibilitychange", () => this.phones.forEach((phone) => this.seen(phone)));
    document.addEventListener("pointerdown", (event) => {
      const aside = !this.side.contains(event.target) && !this.sideButton.contains(event.target);
      if (aside && this.side.classList.contains("open")) this.toggleSide(false);
    });
    addEventListener("hashchange", () => this.openFromHash());
  }

  topBar() {
    const gear = h("button", { type: "button", class: "icon-button", "aria-label": t("settings"), title: t("settings"), "aria-haspopup": "dialog", onclick: () => this.openSettings(gear) }, icon("gear"));
    return h(
      "header",
      { class: "top" },
      h("div", { class: "brand" }, icon("compass"), h("span", {}, t("title"))),
      this.clock.element,
      this.zonePicker(),
      h("span", { class: "space" }),
      this.faults.element,
      gear,
    );
  }

  zonePicker() {
    const options = Object.keys(ZONES).map((zone) => h("option", { value: zone, selected: zone === settings.zone }, zone));
    return h("select", { class: "zone", "aria-label": t("zone"), title: t("zone"), onchange: (event) => this.setZone(event.target.value) }, options);
  }

  people() {
    const add = h("button", { type: "button", class: "add", onclick: () => askForPerson((person) => this.added(person)) }, icon("plus"), t("addPerson"));
    const close = (event) => event.key === "Escape" && this.toggleSide(false);
    this.side = h("nav", { class: "people", "aria-label": t("people"), onkeydown: close }, h("h2", {}, t("people")), this.list, add);
    return this.side;
  }

  strip() {
    const more = h("button", { type: "button", class: "icon-button", "aria-label": t("openPeople"), "aria-expanded": "false", onclick: () => this.toggleSide() }, icon("people"));
    this.sideButton = more;
    return h("div", { class: "strip" }, this.tabs, more);
  }

  toggleSide(open = !this.side.classList.contains("open")) {
    this.side.classList.toggle("open", open);
    this.sideButton.setAttribute("aria-expanded", String(open));
    if (open) this.list.querySelector("button")?.focus();
    else if (this.side.contains(document.activeElement)) this.sideButton.focus();
  }

  openSettings(anchor) {
    const option = (name, value, words, deed) =>
      h("button", { type: "button", "aria-pressed": String(settings[name] === value), onclick: () => deed(value) }, words);
    const themes = ["auto", "light", "dark"].map((theme) => option("theme", theme, t(theme), (value) => this.setTheme(value)));
    const languages = [["id", "Bahasa Indonesia"], ["en", "English"]].map(([value, words]) => option("language", value, words, setLanguage));
    const panel = h(
      "div",
      { class: "panel" },
      h("strong", {}, t("theme")),
      h("div", { class: "segments", role: "group", "aria-label": t("theme") }, themes),
      h("strong", {}, t("language")),
      h("div", { class: "segments", role: "group", "aria-label": t("language") }, languages),
    );
    openPopover(anchor, panel, { label: t("settings") });
  }

  setTheme(theme) {
    remember({ theme });
    applyTheme();
    for (const button of document.querySelectorAll(".popover .segments:first-of-type button")) {
      button.setAttribute("aria-pressed", String(button.textContent === t(theme)));
    }
  }

  setZone(zone) {
    remember({ zone });
    this.clock.draw();
    for (const phone of this.phones.values()) phone.thread.retime();
  }

  // --- events ---------------------------------------------------------------------------------------------------

  happened(event) {
    if (event.type === "hello") return this.hello(event);
    if (event.type === "clock") return this.clock.set(event.now);
    if (event.type === "faults") return this.faults.set(event.faults ?? event);
    if (event.type === "person") return this.met(event.person ?? event);
    return this.inChat(event, this.store.chat(event.chat_id), this.phones.get(event.chat_id));
  }

  inChat(event, chat, phone) {
    switch (event.type) {
      case "message":
        chat.put(event.message);
        phone?.show(event.message);
        break;
      case "deleted":
        for (const id of event.message_ids) chat.messages.delete(id);
        phone?.remove(event.message_ids);
        break;
      case "typing":
        phone?.typing(event.action, event.seconds);
        break;
      case "callback_answer":
        phone?.answered(event);
        break;
      case "commands":
        chat.commands = event.commands ?? [];
        phone?.composer.setCommands(chat.commands);
        break;
      case "unread":
        chat.unread = event.unread;
        this.drawLists();
        if (phone) this.seen(phone);
        break;
    }
  }

  hello(event) {
    this.store.begin(event);
    this.clock.set(event.clock.now);
    this.faults.set(event.faults ?? {});
    if (this.greeted) this.resync();
    else this.openFirst();
    this.greeted = true;
    this.openFromHash();
    this.drawLists();
  }

  openFirst() {
    const wanted = settings.phones ?? this.store.suggested;
    const known = wanted.filter((id) => this.store.people.has(id));
    const chosen = known.length || settings.phones?.length === 0;
    for (const id of chosen ? known : this.store.suggested) this.place(id);
    // A sample may still be moving in: its first people get their phones as they come.
    this.filling = !chosen;
    const active = this.phones.get(settings.active) ?? [...this.phones.values()][0];
    if (active) this.activate(active);
  }

  resync() {
    for (const phone of [...this.phones.values()]) {
      if (this.store.people.has(phone.id)) phone.sync();
      else this.takeAway(phone);
    }
    this.filling ||= !this.phones.size;
  }

  met(person) {
    this.store.meet(person);
    if (this.filling && this.phones.size < FIRST_PHONES) this.place(person.id);
    if (!this.active && this.phones.has(person.id)) this.activate(this.phones.get(person.id));
    const phone = this.phones.get(person.id);
    phone?.describe(this.store.people.get(person.id));
    phone?.restState();
    this.drawLists();
    if (this.awaited === person.id) this.openFromHash();
  }

  added(person) {
    this.store.meet(person);
    this.open(person.id);
  }

  // --- phones ---------------------------------------------------------------------------------------------------

  place(id) {
    const person = this.store.people.get(id);
    if (!person || this.phones.has(id)) return;
    const phone = new Phone(person, this.store.bot, this.store.chat(id), this);
    this.phones.set(id, phone);
    this.row.append(phone.element);
    this.inView.observe(phone.element);
    phone.thread.toEnd();
  }

  open(id) {
    this.place(id);
    const phone = this.phones.get(id);
    if (!phone) return;
    this.toggleSide(false);
    this.activate(phone);
    phone.focus();
  }

  close(phone) {
    this.filling = false;
    this.takeAway(phone);
    this.keep();
  }

  takeAway(phone) {
    this.inView.unobserve(phone.element);
    phone.element.remove();
    this.phones.delete(phone.id);
    if (this.active !== phone.id) return;
    this.active = null;
    const next = [...this.phones.values()].at(-1);
    if (next) this.activate(next);
  }

  activate(phone) {
    if (this.active === phone.id) return;
    this.active = phone.id;
    for (const other of this.phones.values()) other.element.classList.toggle("active", other === phone);
    // A hidden phone has no height, so its place at the end is only known once it is shown.
    if (phone.thread.atEnd) phone.thread.toEnd();
    this.keep();
  }

  keep() {
    remember({ phones: [...this.phones.keys()], active: this.active });
    this.drawLists();
  }

  viewed(entry) {
    const phone = this.phones.get(Number(entry.target.dataset.person));
    if (!phone) return;
    phone.visible = entry.isIntersecting;
    this.seen(phone);
  }

  /** The newest message of this phone is before somebody's eyes: tell the server once. */
  seen(phone) {
    const unread = this.store.chat(phone.id).unread;
    if (!unread || !phone.visible || !phone.thread.atEnd || document.hidden || phone.telling) return;
    phone.telling = true;
    setTimeout(async () => {
      await api.read(phone.id).catch(() => null);
      phone.telling = false;
    }, 400);
  }

  /** At most once a frame, however much happens. */
  drawLists() {
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      this.drawListsNow();
    });
  }

  drawListsNow() {
    const actions = { open: (id) => this.open(id) };
    drawPeople(this.list, this.store, (id) => this.phones.has(id), actions);
    drawTabs(this.tabs, [...this.phones.values()], this.store, this.active, actions);
    this.nobody.hidden = this.phones.size > 0;
    const unread = this.store.unread();
    document.title = `${unread ? `(${unread}) ` : ""}${this.store.bot?.first_name ?? ""} · ${t("title")}`;
  }

  tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...this.tabs.children];
    const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
    next?.focus();
  }

  // --- links ----------------------------------------------------------------------------------------------------

  /** True when the link was one of ours and is being opened here. */
  follow(url, phone, anchor) {
    const link = startPayload(url, this.store.bot.username);
    if (!link) return false;
    const others = this.store.inOrder().filter((person) => person.id !== phone.id);
    const choices = [phone.person, ...others].map((person, index) => ({
      before: avatar(person),
      text: nameOf(person),
      note: person.label,
      first: index === 0,
      deed: () => this.startAs(person.id, link.payload),
    }));
    openMenu(anchor, t("openAs"), choices);
    return true;
  }

  async startAs(id, payload) {
    this.open(id);
    try {
      await api.start(id, payload);
    } catch (error) {
      this.notice(t("failed", { reason: error.message }));
    }
  }

  openFromHash() {
    // The address may name somebody who has not moved in yet.
    const id = personInHash(location.hash);
    this.awaited = this.store.people.has(id) ? null : id;
    if (id !== null) this.open(id);
  }

  // --- words above everything -----------------------------------------------------------------------------------

  connection(state) {
    clearTimeout(this.bannerTimer);
    if (state === "lost") return this.say(t("lost"), "lost");
    if (this.banner.hidden) return undefined;
    this.say(t("back"), "back");
    this.bannerTimer = setTimeout(() => (this.banner.hidden = true), 1500);
    return undefined;
  }

  say(words, state) {
    this.banner.textContent = words;
    this.banner.dataset.state = state;
    this.banner.hidden = false;
  }

  notice(text) {
    const notice = h("div", { class: "notice" }, text);
    this.notices.replaceChildren(notice);
    setTimeout(() => notice.remove(), NOTICE);
  }
}

function setLanguage(language) {
  remember({ language });
  // Words are chosen once, when the page is made; drafts and open phones survive the reload.
  if (location.search) location.replace(location.pathname + location.hash);
  else location.reload();
}

applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
const page = new Page();
listen({ onEvent: (event) => page.happened(event), onState: (state) => page.connection(state) });
