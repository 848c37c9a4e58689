/** Elements from values. Text only ever becomes text nodes, so nothing a person writes can become markup. */

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) give(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function give(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** A picture from the sprite in index.html; always decoration, the words stand beside it or in aria-label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

/** The round picture of a person: initials on a colour that stays the same for the same person. */
export function avatar(person) {
  const names = [person.first_name, person.last_name].filter(Boolean);
  const initials = names.map((name) => [...name][0]).join("").toUpperCase();
  const circle = h("span", { class: "avatar", "aria-hidden": "true" }, initials || "?");
  circle.style.setProperty("--accent", accentOf(person));
  return circle;
}

export function accentOf(person) {
  if (person.accent && CSS.supports("color", person.accent)) return person.accent;
  return `hsl(${(Math.abs(person.id) * 137) % 360} 42% 42%)`;
}

export function nameOf(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}
