/** Telegram text and its entities (UTF-16 offsets, which are JavaScript's own) as DOM nodes. */

import { h } from "./dom.js";
import { t } from "./words.js";

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
};
const BLOCKS = new Set(["PRE", "BLOCKQUOTE", "DIV"]);
const SAFE = /^(https?:|mailto:|tel:)/i;
const LONG_QUOTE = 180;
const WHOLE_CODE = 24;

/**
 * `actions` has `follow(url, anchor)` for links, `say(text)` for commands and `copy(text)` for code;
 * entities that lie outside the text, or across each other, are cut to fit.
 */
export function formatted(text, entities, actions) {
  const fragment = document.createDocumentFragment();
  const waiting = (entities ?? [])
    .filter((entity) => Number.isInteger(entity.offset) && entity.length > 0)
    .sort((one, other) => one.offset - other.offset || other.length - one.length);
  fill(fragment, { text, start: 0, end: text.length }, waiting, actions);
  return fragment;
}

function fill(parent, { text, start, end }, waiting, actions) {
  let at = start;
  while (waiting.length && waiting[0].offset < end) {
    const entity = waiting.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    addText(parent, text.slice(at, from));
    const { outer, inner } = wrapping(entity, text.slice(from, to), actions);
    fill(inner, { text, start: from, end: to }, waiting, actions);
    parent.append(outer);
    at = to;
  }
  addText(parent, text.slice(at, end));
}

function addText(parent, text) {
  // A block already ends its line, so the line feed after it would show as an empty line.
  const afterBlock = BLOCKS.has(parent.lastChild?.nodeName) && text.startsWith("\n");
  const rest = afterBlock ? text.slice(1) : text;
  if (rest) parent.append(rest);
}

function wrapping(entity, covered, actions) {
  const simple = (element) => ({ outer: element, inner: element });
  switch (entity.type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
      return simple(h(PLAIN[entity.type]));
    case "code":
      return simple(code(covered, actions));
    case "pre":
      return preformatted(entity);
    case "blockquote":
      return simple(h("blockquote"));
    case "expandable_blockquote":
      return expandable(covered);
    case "spoiler":
      return simple(spoiler());
    case "bot_command":
      return simple(h("button", { type: "button", class: "command", onclick: () => actions.say(covered) }));
    case "date_time":
      return simple(h("span", { class: "date-time" }));
    default:
      return simple(link(entity, covered, actions));
  }
}

function link(entity, covered, actions) {
  const url = addressOf(entity, covered);
  if (!url || !SAFE.test(url)) return h("span");
  const attributes = { href: url, target: "_blank", rel: "noopener noreferrer" };
  if (entity.type === "text_link") attributes.title = url;
  return h("a", {
    ...attributes,
    onclick: (event) => {
      if (actions.follow(url, event.currentTarget)) event.preventDefault();
    },
  });
}

function addressOf(entity, covered) {
  switch (entity.type) {
    case "text_link":
      return entity.url;
    case "url":
      return /^[a-z][a-z0-9+.-]*:/i.test(covered) ? covered : `https://${covered}`;
    case "email":
      return `mailto:${covered}`;
    case "phone_number":
      return `tel:${covered.replace(/[^\d+]/g, "")}`;
    default:
      return null;
  }
}

/** Short codes (an invitation) are kept on one line; a press copies. */
function code(covered, actions) {
  const whole = covered.length <= WHOLE_CODE && "whole";
  return h("code", { class: whole, title: t("copy"), onclick: () => actions.copy(covered) });
}

function preformatted(entity) {
  const inner = h("code");
  return { outer: h("pre", { "data-language": entity.language, tabindex: "0" }, inner), inner };
}

function expandable(covered) {
  const inner = h("blockquote", { class: "expandable" });
  if (covered.length < LONG_QUOTE && covered.split("\n").length <= 3) return { outer: inner, inner };
  inner.classList.add("folded");
  const toggle = h("button", { type: "button", class: "unfold", "aria-expanded": "false" }, t("more"));
  toggle.addEventListener("click", () => {
    const folded = inner.classList.toggle("folded");
    toggle.setAttribute("aria-expanded", String(!folded));
    toggle.textContent = folded ? t("more") : t("less");
  });
  return { outer: h("div", { class: "quote" }, inner, toggle), inner };
}

function spoiler() {
  const hidden = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") });
  const reveal = (event) => {
    if (!hidden.classList.contains("spoiler") || (event.key && !["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    hidden.classList.replace("spoiler", "revealed");
    for (const name of ["role", "tabindex", "aria-label"]) hidden.removeAttribute(name);
  };
  // In the capture phase, so that a link below the cover is not followed by the revealing press.
  hidden.addEventListener("click", reveal, true);
  hidden.addEventListener("keydown", reveal, true);
  return hidden;
}
