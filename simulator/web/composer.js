/** Where a person writes: text, replies, edits, commands; attachments are in attachments.js. */

import { Attachments } from "./attachments.js";
import { CommandMenu } from "./commands.js";
import { h, icon, iconButton, nameOf } from "./dom.js";
import { summary } from "./media.js";
import { drafts } from "./settings.js";
import { t } from "./words.js";

const TALLEST = 140;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

export class Composer {
  /**
   * `actions`: say(text, replyTo), sendFiles(files, {as, caption, replyTo}), change(message, text), notice(text),
   * lastOwn(), neighbour(message, step). Each sending returns a promise; when it fails the text comes back.
   */
  constructor(personId, actions) {
    Object.assign(this, { personId, actions, replyTo: null, changing: null });
    this.field = this.makeField();
    this.menu = new CommandMenu(this.field, (command) => this.command(command));
    this.files = new Attachments({ onChange: () => this.refresh(), notice: actions.notice });
    this.context = h("div", { class: "context", hidden: true });
    this.menuButton = iconButton("menu", t("commands"), () => this.menu.toggle(), { hidden: true, class: "icon-button menu-button" });
    this.sendButton = h("button", { type: "submit", class: "send", "aria-label": t("send"), title: t("send") }, icon("send"));
    this.element = this.assemble();
    this.refresh();
  }

  makeField() {
    const field = h("textarea", {
      rows: "1",
      "aria-label": t("write"),
      placeholder: t("write"),
      maxlength: "8192",
      autocomplete: "off",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.pasted(event),
    });
    field.value = drafts.get(this.personId);
    return field;
  }

  assemble() {
    const clip = iconButton("clip", t("attach"), () => this.files.choose());
    const bar = h("div", { class: "bar" }, this.menuButton, this.field, clip, this.sendButton);
    return h(
      "form",
      {
        class: "composer",
        onsubmit: (event) => {
          event.preventDefault();
          this.send();
        },
      },
      this.menu.element,
      this.context,
      this.files.element,
      bar,
    );
  }

  setCommands(commands) {
    this.menu.set(commands);
    this.menuButton.hidden = !commands.length;
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  typed() {
    drafts.set(this.personId, this.field.value);
    this.menu.follow(this.field.value);
    this.refresh();
  }

  refresh() {
    this.field.placeholder = this.files.size ? t("caption") : t("write");
    this.sendButton.disabled = !this.field.value.trim() && !this.files.size;
    if (GROWS_BY_ITSELF) return;
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
  }

  key(event) {
    if (event.isComposing || this.menu.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && (this.replyTo || this.changing)) {
      event.stopPropagation();
      this.dropContext();
    } else if (["ArrowUp", "ArrowDown"].includes(event.key)) {
      this.arrow(event);
    }
  }

  /** As on Telegram's desktop: ↑ edits the last own message, Ctrl+↑ and Ctrl+↓ choose what to reply to. */
  arrow(event) {
    const step = event.key === "ArrowUp" ? -1 : 1;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const chosen = this.actions.neighbour(this.replyTo, step);
      if (chosen) this.reply(chosen);
      else this.dropContext();
    } else if (step < 0 && !this.field.value && !this.changing) {
      const own = this.actions.lastOwn();
      if (own) {
        event.preventDefault();
        this.edit(own);
      }
    }
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.files.add(files);
  }

  reply(message) {
    this.changing = null;
    this.replyTo = message;
    const name = message.outgoing ? t("you") : nameOf(message.from ?? {});
    this.showContext("reply", t("replyingTo", { name }), summary(message));
  }

  edit(message) {
    this.replyTo = null;
    this.changing = message;
    this.write(message.text);
    this.showContext("pencil", t("editing"), summary(message));
  }

  showContext(sign, title, words) {
    const close = iconButton("close", t("cancel"), () => this.dropContext());
    const text = h("span", { class: "context-words" }, h("strong", {}, title), h("span", {}, words));
    this.context.replaceChildren(icon(sign), text, close);
    this.context.hidden = false;
    this.focus();
  }

  dropContext() {
    if (this.changing) this.write("");
    this.replyTo = this.changing = null;
    this.context.hidden = true;
    this.context.replaceChildren();
    this.focus();
  }

  write(text) {
    this.field.value = text;
    this.typed();
  }

  /** A command chosen from the menu goes out at once, as in Telegram. */
  command(name) {
    this.write("");
    this.actions.say(`/${name}`);
  }

  async send() {
    const text = this.field.value.trim();
    const { replyTo, changing } = this;
    const files = this.files.take();
    if (!text && !files.list.length) return;
    this.write("");
    this.dropContext();
    if (!(await this.deliver(text, files, replyTo, changing))) this.restore(text, files);
  }

  deliver(text, files, replyTo, changing) {
    if (changing) return this.actions.change(changing, text);
    if (!files.list.length) return this.actions.say(text, replyTo?.message_id);
    return this.actions.sendFiles(files.list, { as: files.as, caption: text, replyTo: replyTo?.message_id });
  }

  restore(text, files) {
    if (!this.field.value) this.write(text);
    this.files.add(files.list);
  }
}
