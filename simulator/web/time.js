/** Simulated time in words, in the zone chosen on the page. */

import { settings } from "./settings.js";

export const ZONES = { WIB: "Asia/Jakarta", WITA: "Asia/Makassar", WIT: "Asia/Jayapura" };
const OFFSETS = { WIB: "+07:00", WITA: "+08:00", WIT: "+09:00" };
const formats = new Map();

function format(date, options) {
  const locale = settings.language === "en" ? "en-GB" : "id-ID";
  const key = locale + settings.zone + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONES[settings.zone], ...options }));
  }
  return formats.get(key).format(date);
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT = { weekday: "short", day: "numeric", month: "short" };

export const hour = (date) => format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const day = (date) => format(date, LONG);

/** "Sabtu, 14 November 2026 pukul 09.00 WIB" */
export function moment(date) {
  const at = settings.language === "en" ? "at" : "pukul";
  return `${day(date)} ${at} ${hour(date)} ${settings.zone}`;
}

/** "Sab, 14 Nov · 09.00", for narrow screens where the zone stands beside it. */
export const shortMoment = (date) => `${format(date, SHORT)} · ${hour(date)}`;

/** The value a `datetime-local` field needs to show this moment in the chosen zone. */
export function fieldValue(date) {
  const shifted = new Date(date.getTime() + parseInt(OFFSETS[settings.zone], 10) * 3600_000);
  return shifted.toISOString().slice(0, 16);
}

export const fromField = (value) => new Date(`${value}:00${OFFSETS[settings.zone]}`);

export const sent = (message) => new Date(message.date * 1000);
