/** Photos, albums, documents, sound and film inside a bubble. */

import { fileUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { t } from "./words.js";

const SHOWN_WIDTH = 480;

/** The smallest stored size that is still sharp in a bubble. */
function fitting(sizes) {
  const rising = [...sizes].sort((one, other) => one.width - other.width);
  return rising.find((size) => size.width >= SHOWN_WIDTH) ?? rising.at(-1);
}

const largest = (sizes) => sizes.reduce((best, size) => (size.width > best.width ? size : best));

export function photo(message) {
  const size = fitting(message.photo);
  const image = h("img", {
    src: fileUrl(size.file_id),
    alt: message.caption ? `${t("photo")}: ${message.caption.slice(0, 80)}` : t("photo"),
    width: size.width,
    height: size.height,
    loading: "lazy",
    draggable: "false",
  });
  return h(
    "button",
    { type: "button", class: "photo", "aria-label": t("openPhoto"), onclick: () => enlarge(message) },
    image,
  );
}

function enlarge(message) {
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    { class: "viewer", "aria-label": t("photo"), onclick: close, onclose: () => dialog.remove() },
    h("img", { src: fileUrl(largest(message.photo).file_id), alt: message.caption ?? t("photo") }),
    message.caption && h("p", {}, message.caption),
    h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close")),
  );
  document.body.append(dialog);
  dialog.showModal();
}

export function attachedFile(file, kind) {
  const name = file.file_name ?? t(kind);
  return h(
    "a",
    { class: "file", href: fileUrl(file.file_id), download: name, "aria-label": t("download", { name }) },
    h("span", { class: "file-kind", "aria-hidden": "true" }, extension(name)),
    h("span", { class: "file-words" }, h("span", { class: "file-name" }, name), h("small", {}, size(file.file_size))),
    icon("download"),
  );
}

function extension(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot + 1, dot + 5).toUpperCase() : "···";
}

export function size(bytes) {
  if (!bytes) return "";
  const steps = ["B", "KB", "MB", "GB"];
  const step = Math.min(Math.floor(Math.log2(bytes) / 10), 3);
  const value = bytes / 1024 ** step;
  return `${value.toFixed(value < 10 && step ? 1 : 0).replace(".", ",")} ${steps[step]}`;
}

const player = (tag, file, attributes) => h(tag, { controls: true, src: fileUrl(file.file_id), class: "player", ...attributes });

/** What a message carries besides its text; null when it carries nothing. */
export function carried(message) {
  if (message.photo) return photo(message);
  if (message.video) return player("video", message.video, { preload: "metadata" });
  if (message.animation) return player("video", message.animation, { preload: "metadata", loop: true });
  if (message.video_note) return player("video", message.video_note, { preload: "metadata" });
  if (message.voice) return player("audio", message.voice, { preload: "none", "aria-label": t("voice") });
  if (message.audio) return player("audio", message.audio, { preload: "none", "aria-label": t("audio") });
  if (message.document) return attachedFile(message.document, "document");
  if (message.sticker) return h("div", { class: "sticker" }, message.sticker.emoji ?? "🏷️");
  if (message.dice) return h("div", { class: "sticker" }, `${message.dice.emoji} ${message.dice.value}`);
  if (message.contact) return contact(message.contact);
  if (message.location) return place(message.venue?.location ?? message.location, message.venue);
  if (message.poll) return poll(message.poll);
  return null;
}

function contact({ first_name: first, last_name: last, phone_number: phone }) {
  return card("👤", [first, last].filter(Boolean).join(" "), phone);
}

function place({ latitude, longitude }, venue) {
  return card("📍", venue?.title ?? t("location"), `${latitude}, ${longitude}`);
}

function card(sign, title, note) {
  return h(
    "div",
    { class: "file" },
    h("span", { class: "file-kind", "aria-hidden": "true" }, sign),
    h("span", { class: "file-words" }, h("span", { class: "file-name" }, title), h("small", {}, note)),
  );
}

function poll({ question, options }) {
  return h(
    "div",
    { class: "poll" },
    h("strong", {}, question),
    h("ul", {}, (options ?? []).map((option) => h("li", {}, option.text))),
  );
}

const KINDS = ["photo", "video", "voice", "audio", "document", "sticker", "contact", "location", "poll"];

/** One line that stands for the message in a quote. */
export function summary(message) {
  const words = message.text ?? message.caption;
  if (words) return words;
  const kind = KINDS.find((name) => message[name]);
  if (kind === "document") return message.document.file_name ?? t(kind);
  return t(kind ?? "message");
}
