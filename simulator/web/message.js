/** One block of the conversation: a message, or the messages of one album. */

import { h, iconButton, nameOf } from "./dom.js";
import { formatted } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { carried, summary } from "./media.js";
import { hour, sent } from "./time.js";
import { t } from "./words.js";

const LONG_PRESS = 600;

/**
 * `actions`: press, follow, copy, say (see keyboard and entities), reply(message), edit(message),
 * menu(message, anchor), find(message_id).
 */
export function rendered(messages, actions) {
  const first = messages[0];
  const bubble = h("div", { class: "bubble" }, parts(messages, actions));
  const block = h(
    "article",
    { class: `block ${first.outgoing ? "mine" : "theirs"}`, "data-id": first.message_id },
    h("div", { class: "line" }, bubble, deeds(first, actions)),
  );
  const keyboard = keys(messages, actions);
  if (keyboard) block.append(keyboard);
  block.classList.toggle("keyed", Boolean(keyboard));
  block.classList.toggle("bare", isBare(messages));
  block.classList.toggle("pictured", messages.some((message) => message.photo));
  block.classList.toggle("edited-block", isEdited(messages));
  watchForMenu(bubble, first, actions);
  return block;
}

function parts(messages, actions) {
  const first = messages[0];
  const captioned = messages.find((message) => message.caption);
  return [
    origin(first),
    quote(first, actions),
    ...media(messages),
    first.text !== undefined && words(first.text, first.entities, actions),
    captioned && words(captioned.caption, captioned.caption_entities, actions),
    unknown(first),
    stamp(messages, ending(messages)),
  ];
}

/** What the bubble ends with, which decides where the time finds room. */
function ending(messages) {
  if (messages.some((message) => message.text !== undefined || message.caption)) return "words";
  return messages.every((message) => message.photo) ? "photo" : "other";
}

function words(text, entities, actions) {
  return h("div", { class: "words", dir: "auto" }, formatted(text, entities, actions));
}

function media(messages) {
  const pieces = messages.map((message) => [message, carried(message)]).filter(([, piece]) => piece);
  const seen = pieces.filter(([message]) => message.photo || message.video).map(([, piece]) => piece);
  const rest = pieces.filter(([message]) => !message.photo && !message.video).map(([, piece]) => piece);
  if (seen.length < 2) return [...seen, ...rest];
  const album = h("div", { class: "album", "data-count": seen.length, "data-odd": seen.length % 2 ? "true" : null }, seen);
  return [album, ...rest];
}

function isBare(messages) {
  const [first] = messages;
  return messages.length === 1 && Boolean(first.sticker || first.dice);
}

function unknown(message) {
  const known = message.text !== undefined || message.caption || carried(message);
  return !known && h("div", { class: "words muted" }, t("unsupported"));
}

function origin(message) {
  const from = message.forward_origin;
  if (!from) return null;
  const name = from.sender_user ? nameOf(from.sender_user) : (from.sender_user_name ?? from.chat?.title ?? "…");
  return h("div", { class: "origin" }, t("forwardedFrom", { name }));
}

function quote(message, actions) {
  const original = message.reply_to_message;
  if (!original) return null;
  return h(
    "button",
    { type: "button", class: "reply-quote", onclick: () => actions.find(original.message_id) },
    h("strong", {}, original.from ? nameOf(original.from) : t("message")),
    h("span", {}, summary(original)),
  );
}

const isEdited = (messages) => messages.some((message) => message.edit_date);

function stamp(messages, after) {
  const last = messages.at(-1);
  const edited = isEdited(messages);
  const at = sent(last);
  return h(
    "span",
    { class: "stamp", "data-after": after },
    edited && h("span", { class: "edited" }, t("edited")),
    h("time", { datetime: at.toISOString(), "data-at": at.getTime() }, hour(at)),
  );
}

function deeds(message, actions) {
  const mayEdit = message.outgoing && message.text !== undefined && !message.forward_origin;
  return h(
    "div",
    { class: "deeds" },
    iconButton("reply", t("reply"), () => actions.reply(message), { tabindex: "-1" }),
    mayEdit && iconButton("pencil", t("editMessage"), () => actions.edit(message), { tabindex: "-1" }),
  );
}

function keys(messages, actions) {
  const holder = messages.find((message) => message.reply_markup?.inline_keyboard?.length);
  if (!holder) return null;
  return inlineKeyboard(holder.reply_markup.inline_keyboard, {
    ...actions,
    press: (button, element) => actions.press(holder, button, element),
  });
}

/** Right click, or a long press on glass, opens the choices for a message. */
function watchForMenu(bubble, message, actions) {
  bubble.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img") || String(getSelection())) return;
    event.preventDefault();
    actions.menu(message, bubble);
  });
  // Safari on glass has no such event.
  let timer;
  const end = () => clearTimeout(timer);
  bubble.addEventListener("touchstart", () => (timer = setTimeout(() => actions.menu(message, bubble), LONG_PRESS)), { passive: true });
  for (const type of ["touchend", "touchmove", "touchcancel", "contextmenu"]) bubble.addEventListener(type, end, { passive: true });
}
