/** The list of commands above the composer: opens on "/" or its button, narrows while typing. */

import { h } from "./dom.js";
import { t } from "./words.js";

let serial = 0;

export class CommandMenu {
  constructor(field, onChoose) {
    Object.assign(this, { field, onChoose, commands: [], shown: [], at: 0 });
    this.id = `commands-${(serial += 1)}`;
    this.element = h("div", { class: "commands", id: this.id, role: "listbox", "aria-label": t("commands"), hidden: true });
    field.setAttribute("aria-controls", this.id);
    field.addEventListener("blur", () => this.close());
  }

  get open() {
    return !this.element.hidden;
  }

  set(commands) {
    this.commands = commands;
    if (this.open) this.follow(this.field.value);
  }

  toggle() {
    if (this.open) return this.close();
    this.field.focus();
    return this.show("");
  }

  follow(text) {
    const match = /^\/(\w*)$/.exec(text);
    if (match && this.commands.length) this.show(match[1].toLowerCase());
    else this.close();
  }

  show(prefix) {
    const starts = this.commands.filter(({ command }) => command.startsWith(prefix));
    const contains = this.commands.filter((one) => !starts.includes(one) && prefix && one.description.toLowerCase().includes(prefix));
    this.shown = [...starts, ...contains];
    this.at = 0;
    this.element.hidden = false;
    this.draw();
  }

  close() {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  draw() {
    const items = this.shown.map((one, index) => this.item(one, index));
    this.element.replaceChildren(...(items.length ? items : [h("p", { class: "muted" }, t("noCommand"))]));
    if (items.length) this.field.setAttribute("aria-activedescendant", `${this.id}-${this.at}`);
    items[this.at]?.scrollIntoView({ block: "nearest" });
  }

  item({ command, description }, index) {
    return h(
      "div",
      {
        class: "command-item",
        role: "option",
        id: `${this.id}-${index}`,
        "aria-selected": String(index === this.at),
        // The press must not take the focus out of the field, which would close the list before the click.
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => this.choose(command),
      },
      h("span", { class: "command-name" }, `/${command}`),
      h("span", { class: "command-note" }, description),
    );
  }

  choose(command) {
    this.close();
    this.onChoose(command);
  }

  /** True when the key was meant for the list. */
  key(event) {
    if (!this.open) return false;
    const deed = {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      Escape: () => this.close(),
      Enter: () => this.choose(this.shown[this.at].command),
      Tab: () => this.choose(this.shown[this.at].command),
    }[event.key];
    const needsItem = ["Enter", "Tab"].includes(event.key);
    if (!deed || (needsItem && !this.shown.length)) return false;
    event.preventDefault();
    event.stopPropagation();
    deed();
    return true;
  }

  step(by) {
    if (!this.shown.length) return;
    this.at = (this.at + by + this.shown.length) % this.shown.length;
    this.draw();
  }
}
