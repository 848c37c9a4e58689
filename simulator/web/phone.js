/** One person's phone: who holds it, the conversation with the bot, and what floats above it. */

import * as api from "./api.js";
import { Composer } from "./composer.js";
import { accentOf, avatar, h, icon, iconButton, nameOf } from "./dom.js";
import { busy } from "./keyboard.js";
import { openMenu } from "./popover.js";
import { Thread } from "./thread.js";
import { knows, t } from "./words.js";

const TOAST = 4000;
const PATIENCE = 30_000;

export class Phone {
  /** `desk` is the page around the phones: follow(url, phone, anchor), close(phone), seen(phone), activate(phone). */
  constructor(person, bot, chat, desk) {
    Object.assign(this, { person, bot, chat, desk, visible: false });
    this.pressed = new Map();
    this.early = new Set();
    this.build();
    this.sync();
  }

  get id() {
    return this.person.id;
  }

  build() {
    const label = t("conversation", { name: nameOf(this.person), bot: this.bot.first_name });
    this.thread = new Thread({
      label,
      actions: this.messageActions(),
      loadOlder: (before) => api.older(this.id, before),
      onSeen: () => this.desk.seen(this),
    });
    this.composer = new Composer(this.id, this.composerActions());
    this.status = h("span", { class: "status", role: "status" }, t("bot"));
    this.caption = h("header", { class: "caption" });
    this.holder = h("span", { class: "holder" });
    this.foot = h("div", { class: "foot" });
    this.empty = this.emptyCard();
    this.floating = h("div", { class: "floating", "aria-live": "polite" });
    this.element = this.assemble(label);
    this.describe();
  }

  assemble(label) {
    const screen = h(
      "div",
      { class: "screen" },
      this.head(),
      h("div", { class: "middle" }, this.thread.element, this.empty, this.floating),
      this.composer.element,
      this.foot,
      h("div", { class: "drop-here", "aria-hidden": "true" }, icon("clip"), t("dropHere")),
    );
    const element = h("section", { class: "phone", "aria-label": label, "data-person": this.id, id: `phone-${this.id}` }, this.caption, screen);
    element.addEventListener("focusin", () => this.desk.activate(this));
    acceptDrops(screen, (files) => this.composer.files.add(files));
    return element;
  }

  head() {
    const menu = iconButton("dots", t("phoneMenu"), () => this.openMenu(menu), { "aria-haspopup": "menu" });
    return h(
      "div",
      { class: "head" },
      h("span", { class: "bot-avatar", "aria-hidden": "true" }, icon("compass")),
      h("div", { class: "head-words" }, h("strong", {}, this.bot.first_name), h("span", { class: "head-line" }, this.status, this.holder)),
      menu,
    );
  }

  emptyCard() {
    return h(
      "div",
      { class: "empty", hidden: true },
      h("span", { class: "bot-avatar big", "aria-hidden": "true" }, icon("compass")),
      h("strong", {}, this.bot.first_name),
      h("p", {}, t("emptyText", { bot: this.bot.first_name })),
    );
  }

  /** Writes who holds the phone. */
  describe(person = this.person) {
    this.person = person;
    const close = iconButton("close", t("closePhone", { name: nameOf(person) }), () => this.desk.close(this));
    const words = h("div", { class: "caption-words" }, h("strong", {}, nameOf(person)), h("span", { title: person.note }, person.label));
    this.caption.replaceChildren(avatar(person), words, close);
    this.holder.textContent = person.label || nameOf(person);
    this.element.style.setProperty("--accent", accentOf(person));
  }

  /** Everything anew from the store, after opening or after the line was down. */
  sync() {
    this.thread.reset([...this.chat.messages.values()]);
    this.composer.setCommands(this.chat.commands);
    this.restState();
  }

  /** The foot shows the composer, [Mulai] or [Buka blokir], as the chat is. */
  restState() {
    const fresh = !this.thread.size;
    this.empty.hidden = !fresh;
    this.composer.element.hidden = this.chat.blocked || fresh;
    this.foot.replaceChildren(...this.footing(fresh));
  }

  footing(fresh) {
    const bot = this.bot.first_name;
    const wide = (words, deed) => h("button", { type: "button", class: "wide", onclick: deed }, words);
    if (this.chat.blocked) {
      const note = h("p", {}, t("blockedNote", { name: nameOf(this.person), bot }));
      return [note, wide(t("unblock"), () => this.attempt(api.unblock(this.id)))];
    }
    return fresh ? [wide(t("start"), () => this.attempt(api.start(this.id)))] : [];
  }

  show(message) {
    if (!message.outgoing) this.idle();
    this.thread.put(message);
    this.restState();
  }

  remove(ids) {
    this.thread.remove(ids);
    this.restState();
  }

  typing(action, seconds) {
    clearTimeout(this.typingTimer);
    this.status.textContent = knows(action) ? t(action) : t("typing");
    this.status.classList.add("active");
    this.typingTimer = setTimeout(() => this.idle(), seconds * 1000);
  }

  idle() {
    clearTimeout(this.typingTimer);
    this.status.textContent = t("bot");
    this.status.classList.remove("active");
  }

  messageActions() {
    return {
      press: (message, button, element) => this.press(message, button, element),
      follow: (url, anchor) => this.desk.follow(url, this, anchor),
      copy: (text) => this.copy(text),
      say: (text) => this.attempt(api.say(this.id, text)),
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      menu: (message, anchor) => this.messageMenu(message, anchor),
      find: (messageId) => this.thread.find(messageId),
    };
  }

  composerActions() {
    return {
      say: (text, replyTo) => this.attempt(api.say(this.id, text, replyTo)),
      sendFiles: (files, about) => this.attempt(api.sendFiles(this.id, files, about)),
      change: (message, text) => this.attempt(api.edit(this.id, message.message_id, text)),
      notice: (text) => this.toast(text),
      lastOwn: () => this.thread.messages().findLast((message) => message.outgoing && message.text !== undefined),
      neighbour: (message, step) => this.neighbour(message, step),
    };
  }

  neighbour(message, step) {
    const all = this.thread.messages();
    const here = message ? all.findIndex((one) => one.message_id === message.message_id) : all.length;
    return all[here + step];
  }

  /** True when it went well; otherwise the reason is shown. */
  async attempt(deed) {
    try {
      await deed;
      return true;
    } catch (error) {
      this.toast(t("failed", { reason: error.message }));
      return false;
    }
  }

  async press(message, button, element) {
    if (element.classList.contains("waiting")) return;
    busy(element, true);
    setTimeout(() => busy(element, false), PATIENCE);
    try {
      const { callback_query_id: query } = await api.press(this.id, message.message_id, button.callback_data);
      // The answer may overtake the reply to the press itself.
      if (this.early.delete(query)) busy(element, false);
      else this.pressed.set(query, element);
    } catch (error) {
      busy(element, false);
      this.toast(t("failed", { reason: error.message }));
    }
  }

  answered({ callback_query_id: query, text, show_alert: alert, url }) {
    const element = this.pressed.get(query);
    if (element) busy(element, false);
    else this.early.add(query);
    this.pressed.delete(query);
    if (text && alert) this.alert(text);
    else if (text) this.toast(text);
    if (url) this.desk.follow(url, this, this.element);
  }

  toast(text) {
    const toast = h("div", { class: "toast" }, text);
    this.floating.replaceChildren(toast);
    setTimeout(() => toast.remove(), TOAST);
  }

  alert(text) {
    const before = document.activeElement;
    const screen = this.element.querySelector(".screen");
    const rest = [...screen.children];
    const done = () => {
      cover.remove();
      for (const part of rest) part.inert = false;
      before?.focus?.({ preventScroll: true });
    };
    const ok = h("button", { type: "button", class: "wide", onclick: done }, t("ok"));
    const box = h("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text }, h("p", {}, text), ok);
    const cover = h("div", { class: "cover", onkeydown: (event) => event.key === "Escape" && done() }, box);
    for (const part of rest) part.inert = true;
    screen.append(cover);
    ok.focus({ preventScroll: true });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast(t("copied"));
    } catch {
      this.toast(text);
    }
  }

  messageMenu(message, anchor) {
    const text = message.text ?? message.caption;
    const mayEdit = message.outgoing && message.text !== undefined;
    openMenu(anchor, t("message"), [
      { before: icon("reply"), text: t("reply"), deed: () => this.composer.reply(message) },
      mayEdit && { before: icon("pencil"), text: t("editMessage"), deed: () => this.composer.edit(message) },
      text && { before: icon("copy"), text: t("copyText"), deed: () => this.copy(text) },
      {
        before: icon("forward"),
        text: t("forward", { bot: this.bot.first_name }),
        deed: () => this.attempt(api.forward(this.id, message.message_id)),
      },
    ]);
  }

  openMenu(anchor) {
    const bot = this.bot.first_name;
    const { blocked } = this.chat;
    openMenu(anchor, nameOf(this.person), [
      {
        before: icon("block"),
        text: t(blocked ? "unblockBot" : "blockBot", { bot }),
        deed: () => this.attempt(blocked ? api.unblock(this.id) : api.block(this.id)),
      },
      { before: icon("link"), text: t("copyLink"), deed: () => this.copy(`${location.origin}/#open=${this.id}`) },
      { before: icon("close"), text: t("close"), deed: () => this.desk.close(this) },
    ]);
  }

  focus() {
    this.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (this.composer.element.hidden) this.foot.querySelector("button")?.focus({ preventScroll: true });
    else this.composer.focus();
  }
}

function acceptDrops(screen, onFiles) {
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const over = (is) => screen.classList.toggle("dropping", is);
  screen.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  screen.addEventListener("dragleave", (event) => !screen.contains(event.relatedTarget) && over(false));
  screen.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    onFiles([...event.dataTransfer.files]);
  });
}
