/** Small panels beside a button: menus, pickers, the fault panel. One at a time; Escape and a press outside close it. */

import { h } from "./dom.js";

const MARGIN = 8;
const FOCUSABLE = "button:not([disabled]), input, select, textarea, a[href]";
let closeOpen = null;

export function closePopover() {
  closeOpen?.();
}

/** Opens `content` near `anchor`; a second call with the same anchor closes it. Returns nothing to keep. */
export function openPopover(anchor, content, { label, role = "dialog" }) {
  const again = anchor.getAttribute("aria-expanded") === "true";
  closePopover();
  if (again) return;
  const panel = h("div", { class: "popover", role, "aria-label": label }, content);
  document.body.append(panel);
  place(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  watch(panel, anchor);
  (panel.querySelector("[data-first]") ?? panel.querySelector(FOCUSABLE))?.focus();
}

function place(panel, anchor) {
  const spot = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = spot.bottom + 6;
  const top = below + height > innerHeight - MARGIN ? spot.top - height - 6 : below;
  panel.style.left = `${clamp(spot.left, MARGIN, innerWidth - width - MARGIN)}px`;
  panel.style.top = `${clamp(top, MARGIN, innerHeight - height - MARGIN)}px`;
}

const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

function watch(panel, anchor) {
  const ended = new AbortController();
  const listen = (target, type, deed, capture = false) => target.addEventListener(type, deed, { signal: ended.signal, capture });
  closeOpen = () => {
    ended.abort();
    closeOpen = null;
    const hadFocus = panel.contains(document.activeElement);
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (hadFocus) anchor.focus();
  };
  listen(document, "pointerdown", (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) closePopover();
  }, true);
  listen(document, "keydown", (event) => keys(event, panel), true);
  listen(window, "resize", closePopover);
}

function keys(event, panel) {
  if (event.key === "Escape") {
    event.stopPropagation();
    closePopover();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && document.activeElement?.matches("button, [type=radio]")) {
    event.preventDefault();
    step(panel, event.key === "ArrowDown" ? 1 : -1);
  }
}

function step(panel, direction) {
  const stops = [...panel.querySelectorAll(FOCUSABLE)];
  const here = stops.indexOf(document.activeElement);
  stops[(here + direction + stops.length) % stops.length]?.focus();
}

/** A menu of choices: `{icon?, text, note?, deed, first?}` each; choosing one closes the menu. */
export function openMenu(anchor, label, choices) {
  const items = choices.filter(Boolean).map(({ before, text, note, deed, first }) =>
    h(
      "button",
      {
        type: "button",
        role: "menuitem",
        class: "menu-item",
        "data-first": first,
        onclick: () => {
          closePopover();
          deed();
        },
      },
      before,
      h("span", { class: "menu-text" }, text, note && h("small", {}, note)),
    ),
  );
  openPopover(anchor, h("div", { class: "menu" }, h("p", { class: "menu-title" }, label), items), { label, role: "menu" });
}
