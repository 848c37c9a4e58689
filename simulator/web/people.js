/** The list of people, the tab strip of open phones for narrow screens, and the form for a new person. */

import * as api from "./api.js";
import { avatar, h, icon, nameOf } from "./dom.js";
import { t } from "./words.js";

const badge = (count) => count > 0 && h("span", { class: "badge", "aria-label": t("unread", { count }) }, count > 99 ? "99+" : count);

/** `actions`: open(id), add(). `isOpen(id)` tells whether the phone is shown. */
export function drawPeople(list, store, isOpen, actions) {
  const items = store.inOrder().map((person) => personItem(person, store.chat(person.id), isOpen(person.id), actions));
  redraw(list, items);
}

/** Puts new elements in place of the old ones; the one for the same person keeps the focus. */
function redraw(parent, elements) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.person : undefined;
  parent.replaceChildren(...elements);
  if (focused) parent.querySelector(`[data-person="${focused}"]`)?.focus({ preventScroll: true });
}

function personItem(person, chat, open, actions) {
  const words = h("span", { class: "person-words" }, h("strong", {}, nameOf(person)), h("small", {}, person.label));
  const marks = h("span", { class: "person-marks" }, chat.blocked && icon("block"), badge(chat.unread));
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "person", "aria-pressed": String(open), title: person.note, "data-person": person.id, onclick: () => actions.open(person.id) },
      avatar(person),
      words,
      marks,
    ),
  );
}

export function drawTabs(strip, phones, store, active, actions) {
  const tabs = phones.map((phone) => tab(phone.person, store.chat(phone.id), phone.id === active, actions));
  redraw(strip, tabs);
  strip.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function tab(person, chat, selected, actions) {
  return h(
    "button",
    {
      type: "button",
      role: "tab",
      class: "tab",
      "data-person": person.id,
      "aria-selected": String(selected),
      "aria-controls": `phone-${person.id}`,
      tabindex: selected ? "0" : "-1",
      onclick: () => actions.open(person.id),
    },
    avatar(person),
    h("span", { class: "tab-name" }, person.first_name),
    badge(chat.unread),
  );
}

/** Asks for a new person; resolves once the server knows them, through `onAdded(person)`. */
export function askForPerson(onAdded) {
  const field = (name, label, attributes = {}) => h("label", {}, h("span", {}, label), h("input", { name, maxlength: "64", autocomplete: "off", ...attributes }));
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h(
    "form",
    { method: "dialog", onsubmit: (event) => add(event, dialog, problem, onAdded) },
    h("h2", {}, t("addPerson")),
    field("first_name", t("firstName"), { required: true, autofocus: true }),
    field("last_name", t("lastName")),
    field("label", t("role"), { placeholder: t("roleExample") }),
    field("username", t("username"), { pattern: "[A-Za-z0-9_]{5,32}" }),
    problem,
    h(
      "div",
      { class: "row end" },
      h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("cancel")),
      h("button", { type: "submit", class: "primary" }, t("add")),
    ),
  );
  const dialog = h("dialog", { class: "form", "aria-label": t("addPerson"), onclose: () => dialog.remove() }, form);
  document.body.append(dialog);
  dialog.showModal();
}

async function add(event, dialog, problem, onAdded) {
  event.preventDefault();
  const filled = [...new FormData(event.target)].filter(([, value]) => value.trim());
  try {
    const person = await api.addPerson(Object.fromEntries(filled));
    dialog.close();
    onAdded(person);
  } catch (error) {
    problem.textContent = t("failed", { reason: error.message });
  }
}
