/** Files waiting to be sent: a tray with previews, as photos or as documents; several make an album. */

import { h, icon } from "./dom.js";
import { size } from "./media.js";
import { t } from "./words.js";

const MOST = 10;
const PHOTO = /^image\/(jpeg|png|webp|gif)$/;

export class Attachments {
  constructor({ onChange, notice }) {
    Object.assign(this, { onChange, notice, list: [], asDocument: false });
    this.input = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.chosen() });
    this.tray = h("div", { class: "tray", hidden: true });
    this.element = h("div", {}, this.input, this.tray);
  }

  get size() {
    return this.list.length;
  }

  choose() {
    this.input.click();
  }

  chosen() {
    this.add([...this.input.files]);
    this.input.value = "";
  }

  add(files) {
    if (this.list.length + files.length > MOST) this.notice(t("tooManyFiles"));
    this.list = [...this.list, ...files].slice(0, MOST);
    this.draw();
  }

  remove(file) {
    this.list = this.list.filter((one) => one !== file);
    this.draw();
  }

  /** What is to be sent, and the tray is empty again. */
  take() {
    const taken = { list: this.list, as: this.kind() };
    this.list = [];
    this.asDocument = false;
    this.draw();
    return taken;
  }

  kind() {
    if (this.asDocument) return "document";
    if (this.list.every((file) => PHOTO.test(file.type))) return "photo";
    if (this.list.every((file) => file.type.startsWith("video/"))) return "video";
    if (this.list.every((file) => file.type === "audio/ogg")) return "voice";
    return "document";
  }

  draw() {
    for (const picture of this.tray.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    this.tray.hidden = !this.list.length;
    const files = h("div", { class: "tray-files" }, this.list.map((file) => this.item(file)));
    this.tray.replaceChildren(files, ...this.choice());
    this.onChange();
  }

  item(file) {
    const label = t("removeFile", { name: file.name });
    const preview = PHOTO.test(file.type)
      ? h("img", { src: URL.createObjectURL(file), alt: file.name })
      : h("span", { class: "tray-name" }, h("span", {}, file.name), h("small", {}, size(file.size)));
    const drop = h("button", { type: "button", class: "drop", "aria-label": label, title: label, onclick: () => this.remove(file) }, icon("close"));
    return h("div", { class: "tray-item" }, preview, drop);
  }

  choice() {
    if (!this.list.length || !this.list.every((file) => PHOTO.test(file.type))) return [];
    const option = (asDocument, words) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(this.asDocument === asDocument),
          onclick: () => {
            this.asDocument = asDocument;
            this.draw();
          },
        },
        words,
      );
    return [h("div", { class: "segments", role: "group" }, option(false, t("asPhoto")), option(true, t("asDocument")))];
  }
}
