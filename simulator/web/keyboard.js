/** Inline keyboards: rows as the bot laid them out, one press at a time for each button. */

import { h, icon } from "./dom.js";

/** `actions` has `press(button, element)`, `follow(url, anchor)` and `copy(text)`. */
export function inlineKeyboard(rows, actions) {
  return h("div", { class: "keyboard" }, rows.map((row) => keyRow(row, actions)));
}

function keyRow(row, actions) {
  const element = h("div", { class: "keys" }, row.map((button) => key(button, actions)));
  element.style.setProperty("--count", row.length);
  return element;
}

function key(button, actions) {
  const element = h("button", { type: "button", class: "key", title: button.text.length > 24 ? button.text : null, onclick: () => act(button, element, actions) });
  element.append(h("span", { class: "key-text" }, button.text), ...mark(button));
  if (button.style) element.dataset.style = button.style;
  return element;
}

function mark(button) {
  if (button.url) return [icon("out")];
  if (button.copy_text) return [icon("copy")];
  return [];
}

function act(button, element, actions) {
  if (button.callback_data !== undefined) return actions.press(button, element);
  if (button.copy_text) return actions.copy(button.copy_text.text);
  if (button.url && !actions.follow(button.url, element) && /^https?:/i.test(button.url)) {
    window.open(button.url, "_blank", "noopener");
  }
  return undefined;
}

/** Shows that the press is on its way; a second press waits until the first is answered. */
export function busy(element, waiting) {
  element.classList.toggle("waiting", waiting);
  element.setAttribute("aria-busy", String(waiting));
}
