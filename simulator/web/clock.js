/** The simulated clock: shows it, lets it tick, moves it. */

import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { closePopover, openPopover } from "./popover.js";
import { settings } from "./settings.js";
import { fieldValue, fromField, moment, shortMoment } from "./time.js";
import { t } from "./words.js";

const HOUR = 3600;

export class Clock {
  constructor(notice) {
    this.notice = notice;
    this.long = h("span", { class: "long" });
    this.short = h("span", { class: "short" });
    this.face = h("button", { type: "button", class: "clock-face", "aria-haspopup": "dialog", onclick: () => this.open() }, icon("clock"), this.long, this.short);
    this.element = h("div", { class: "clock", role: "group", "aria-label": t("clock") }, this.face, h("div", { class: "quick" }, this.moves()));
    setInterval(() => this.draw(), 1000);
  }

  /** The moment the server told, and since when we count on from it. */
  set(now) {
    this.told = Date.parse(now);
    this.since = performance.now();
    this.draw();
  }

  now() {
    return new Date(this.told + performance.now() - this.since);
  }

  draw() {
    if (this.told === undefined) return;
    const words = moment(this.now());
    if (this.long.textContent === words) return;
    this.long.textContent = words;
    this.short.textContent = shortMoment(this.now());
    this.face.setAttribute("aria-label", t("now", { moment: words }));
    this.face.title = words;
  }

  moves() {
    const move = (words, change) => h("button", { type: "button", class: "quiet", onclick: () => this.move(change) }, words);
    return [
      move(t("plusHour"), { advance: HOUR }),
      move(t("plusDay"), { advance: 24 * HOUR }),
      move(t("workingDay"), { next_working_morning: true }),
    ];
  }

  open() {
    const field = h("input", { type: "datetime-local", name: "to", required: true, value: fieldValue(this.now()) });
    const form = h(
      "form",
      {
        class: "panel",
        onsubmit: (event) => {
          event.preventDefault();
          closePopover();
          this.move({ to: fromField(field.value).toISOString() });
        },
      },
      h("strong", {}, t("clock")),
      h("p", { class: "muted" }, t("clockHint")),
      h("div", { class: "row wrap" }, this.moves()),
      h("label", {}, h("span", {}, t("pickTime", { zone: settings.zone })), field),
      h("button", { type: "submit", class: "primary" }, t("setTime")),
    );
    openPopover(this.face, form, { label: t("clock") });
  }

  async move(change) {
    try {
      const told = await api.setClock(change);
      if (told?.now) this.set(told.now);
    } catch (error) {
      this.notice(t("failed", { reason: error.message }));
    }
  }
}
