/** The fault panel: what may go wrong with Telegram, and what the bot promises then. */

import * as api from "./api.js";
import { avatar, h, icon, nameOf } from "./dom.js";
import { openPopover } from "./popover.js";
import { t } from "./words.js";

const PRESETS = ["normal", "slow", "away", "flood", "lossy"];
const SIGNS = { normal: "check", slow: "clock", away: "away", flood: "flood", lossy: "lossy", custom: "bolt" };
const PROBABILITIES = [
  "refuse",
  "drop_before",
  "accept_then_drop",
  "slow",
  "server_error",
  "flood_chat",
  "flood_global",
  "duplicate_update",
  "late_update",
];

/** Which preset the server's probabilities look like. */
export function presetOf(faults) {
  if (faults.preset) return faults.preset;
  const on = PROBABILITIES.filter((name) => faults[name] > 0);
  if (!on.length) return "normal";
  if (on.includes("accept_then_drop") || on.includes("duplicate_update")) return "lossy";
  if (on.includes("flood_chat") || on.includes("flood_global")) return "flood";
  if (on.every((name) => ["refuse", "drop_before"].includes(name))) return "away";
  if (on.every((name) => ["slow", "late_update"].includes(name))) return "slow";
  return "custom";
}

export class FaultPanel {
  /** `desk`: bot(), phones() as [{id, person, chat}], notice(text). */
  constructor(desk) {
    this.desk = desk;
    this.preset = "normal";
    this.words = h("span", { class: "fault-words" });
    this.element = h("button", { type: "button", class: "fault-button", "aria-haspopup": "dialog", onclick: () => this.open() }, icon("bolt"), this.words);
    this.draw();
  }

  set(faults) {
    this.preset = presetOf(faults);
    this.draw();
  }

  draw() {
    this.element.dataset.preset = this.preset;
    this.words.textContent = this.preset === "normal" ? t("faults") : t(this.preset);
    this.element.setAttribute("aria-label", `${t("faults")}: ${t(this.preset)}`);
    const chosen = document.querySelector(`.popover input[name=preset][value=${this.preset}]`);
    if (chosen) chosen.checked = true;
  }

  open() {
    const panel = h(
      "div",
      { class: "panel faults" },
      h("strong", {}, t("faultsTitle")),
      h("div", { role: "radiogroup", "aria-label": t("faultsTitle") }, PRESETS.map((name) => this.choice(name))),
      ...this.blocking(),
    );
    openPopover(this.element, panel, { label: t("faults") });
  }

  choice(name) {
    const bot = this.desk.bot().first_name;
    return h(
      "label",
      { class: "fault" },
      h("input", {
        type: "radio",
        name: "preset",
        value: name,
        checked: name === this.preset,
        "data-first": name === this.preset,
        onchange: () => this.attempt(api.setFaults({ preset: name })),
      }),
      icon(SIGNS[name]),
      h("span", {}, h("strong", {}, t(name)), h("small", {}, t(`${name}Text`, { bot }))),
    );
  }

  blocking() {
    const phones = this.desk.phones();
    if (!phones.length) return [];
    const bot = this.desk.bot().first_name;
    return [
      h("strong", {}, t("blocking")),
      h("p", { class: "muted" }, t("blockingText", { bot })),
      h("div", { class: "blockers" }, phones.map((phone) => this.blocker(phone))),
    ];
  }

  blocker({ id, person, chat }) {
    const change = (event) => this.attempt(event.target.checked ? api.block(id) : api.unblock(id));
    return h(
      "label",
      { class: "blocker" },
      avatar(person),
      h("span", {}, nameOf(person)),
      h("input", { type: "checkbox", role: "switch", class: "switch", checked: chat.blocked, onchange: change }),
    );
  }

  async attempt(deed) {
    try {
      await deed;
    } catch (error) {
      this.desk.notice(t("failed", { reason: error.message }));
    }
  }
}
