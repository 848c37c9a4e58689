/** The scrolling conversation: blocks in order, days between them, older ones on demand, always at the end when it was. */

import { h, icon } from "./dom.js";
import { rendered } from "./message.js";
import { day, hour, sent } from "./time.js";
import { t } from "./words.js";

const NEAR = 60;
const MOST_BLOCKS = 400;
const TRIMMED_TO = 300;
const SAME_BREATH = 300_000;

const keyOf = (message) => (message.media_group_id ? `g${message.media_group_id}` : `m${message.message_id}`);

export class Thread {
  /** `loadOlder(before)` promises older messages, newest last; `onSeen()` is told when the end is in view. */
  constructor({ label, actions, loadOlder, onSeen }) {
    Object.assign(this, { actions, loadOlder, onSeen });
    this.blocks = [];
    this.byKey = new Map();
    this.atEnd = true;
    this.complete = false;
    this.missed = 0;
    this.lastTop = 0;
    // A finished animation that stays keeps its layer, and hundreds of layers make typing slow.
    const settle = (event) => event.target.closest(".block")?.classList.remove("fresh", "changed");
    this.list = h("div", { class: "list", onanimationend: settle });
    this.scroller = h("div", { class: "scroller", role: "log", "aria-label": label, tabindex: "0", onscroll: () => this.scrolled() }, this.list);
    this.pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.toEnd(true) });
    this.element = h("div", { class: "thread" }, this.scroller, this.pill);
    // Photos, edits and the growing composer all change the height: stay where the reader was.
    const sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    sizes.observe(this.list);
    sizes.observe(this.scroller);
  }

  get size() {
    return this.blocks.length;
  }

  messages() {
    return this.blocks.flatMap((block) => block.messages);
  }

  reset(messages) {
    this.list.replaceChildren();
    this.blocks = [];
    this.byKey.clear();
    this.complete = false;
    this.missed = 0;
    for (const message of messages) this.put(message, { quiet: true });
    this.toEnd();
  }

  /** Adds the message, or changes it where it stands. */
  put(message, { quiet = false } = {}) {
    const known = this.byKey.get(keyOf(message));
    if (known) this.change(known, message);
    else if (quiet || !this.isBefore(message)) this.insert(message, quiet);
  }

  /** An old message that changed but is not loaded: shown now, it would hide the gap after it. */
  isBefore(message) {
    return this.blocks.length > 0 && message.message_id < this.blocks[0].messages[0].message_id;
  }

  change(block, message) {
    const others = block.messages.filter((one) => one.message_id !== message.message_id);
    block.messages = [...others, message].sort((one, other) => one.message_id - other.message_id);
    this.draw(block);
  }

  draw(block) {
    const old = block.element;
    const position = focusedKey(old);
    block.element = rendered(block.messages, this.actions);
    block.element.prepend(block.day);
    block.element.classList.add("changed");
    block.element.classList.toggle("follows", old.classList.contains("follows"));
    old.replaceWith(block.element);
    if (position !== null) refocus(block.element, position);
  }

  insert(message, quiet) {
    const block = { key: keyOf(message), messages: [message], day: h("div", { class: "day", hidden: true }) };
    block.element = rendered(block.messages, this.actions);
    block.element.prepend(block.day);
    if (!quiet) block.element.classList.add("fresh");
    const index = this.placeFor(message.message_id);
    this.blocks[index]?.element.before(block.element);
    if (index === this.blocks.length) this.list.append(block.element);
    this.blocks.splice(index, 0, block);
    this.byKey.set(block.key, block);
    this.join(index);
    this.join(index + 1);
    if (!quiet) this.arrived(message);
  }

  placeFor(messageId) {
    let index = this.blocks.length;
    while (index > 0 && this.blocks[index - 1].messages[0].message_id > messageId) index -= 1;
    return index;
  }

  /** How a block meets the one before it: a new day, or the same speaker going on. */
  join(index) {
    const block = this.blocks[index];
    if (!block) return;
    const before = this.blocks[index - 1];
    const at = sent(block.messages[0]);
    const newDay = !before || day(sent(before.messages[0])) !== day(at);
    block.day.hidden = !newDay;
    block.day.textContent = newDay ? day(at) : "";
    block.element.classList.toggle("follows", !newDay && sameBreath(before.messages[0], block.messages[0]));
  }

  arrived(message) {
    // The observer of sizes scrolls, once a frame: a burst of messages must not measure each one.
    this.atEnd ||= Boolean(message.outgoing);
    if (this.atEnd) this.seen();
    else this.showPill(this.missed + 1);
    if (this.atEnd && this.blocks.length > MOST_BLOCKS) this.trim();
  }

  trim() {
    for (const block of this.blocks.splice(0, this.blocks.length - TRIMMED_TO)) {
      block.element.remove();
      this.byKey.delete(block.key);
    }
    this.complete = false;
    this.join(0);
  }

  remove(messageIds) {
    const gone = new Set(messageIds);
    for (const block of [...this.blocks]) {
      const left = block.messages.filter((message) => !gone.has(message.message_id));
      if (left.length === block.messages.length) continue;
      block.messages = left;
      if (left.length) this.draw(block);
      else this.drop(block);
    }
  }

  drop(block) {
    const index = this.blocks.indexOf(block);
    block.element.remove();
    this.blocks.splice(index, 1);
    this.byKey.delete(block.key);
    this.join(index);
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    // Only a movement upwards leaves the end; a bubble that grew below does not, nor does a writing line that
    // shrank after sending: the browser then moves the view by itself.
    const sized = `${clientHeight} ${scrollHeight}`;
    if (near || (scrollTop < this.lastTop && sized === this.lastSized)) this.atEnd = near;
    this.lastTop = scrollTop;
    this.lastSized = sized;
    if (this.atEnd) this.seen();
    else this.showPill(this.missed);
    if (scrollTop < 200) this.reachBack();
  }

  seen() {
    this.missed = 0;
    this.pill.hidden = true;
    this.onSeen();
  }

  showPill(missed) {
    this.missed = missed;
    this.pill.hidden = false;
    this.pill.setAttribute("aria-label", missed ? t("newMessages") : t("toBottom"));
    const words = missed ? [h("span", {}, `${missed} ${t("newMessages")}`)] : [];
    this.pill.replaceChildren(icon("down"), ...words);
  }

  toEnd(smoothly = false) {
    this.atEnd = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smoothly && !calm ? "smooth" : "instant" });
    this.seen();
  }

  async reachBack() {
    if (this.complete || this.loading || !this.blocks.length) return;
    this.loading = true;
    try {
      const messages = await this.loadOlder(this.blocks[0].messages[0].message_id);
      this.prepend(messages);
    } catch {
      // The banner already says that the line is down; the next scroll tries again.
    } finally {
      this.loading = false;
    }
  }

  prepend(messages) {
    const { scrollHeight, scrollTop } = this.scroller;
    for (const message of messages) this.put(message, { quiet: true });
    this.complete = !messages.length;
    this.scroller.scrollTop = scrollTop + this.scroller.scrollHeight - scrollHeight;
  }

  find(messageId) {
    const block = this.blocks.find((one) => one.messages.some((message) => message.message_id === messageId));
    if (!block) return;
    block.element.scrollIntoView({ block: "center" });
    block.element.classList.remove("found");
    requestAnimationFrame(() => block.element.classList.add("found"));
  }

  /** The zone has changed: the same moments in other words. */
  retime() {
    for (const time of this.list.querySelectorAll("time[data-at]")) time.textContent = hour(new Date(Number(time.dataset.at)));
    this.blocks.forEach((_, index) => this.join(index));
  }
}

function sameBreath(one, other) {
  return Boolean(one.outgoing) === Boolean(other.outgoing) && (other.date - one.date) * 1000 < SAME_BREATH;
}

/** Which key of the keyboard has the focus, so that the one in its place gets it after an edit. */
function focusedKey(element) {
  const keys = [...element.querySelectorAll(".key")];
  const index = keys.indexOf(document.activeElement);
  return index < 0 ? null : index;
}

function refocus(element, index) {
  const keys = element.querySelectorAll(".key");
  keys[Math.min(index, keys.length - 1)]?.focus({ preventScroll: true });
}
