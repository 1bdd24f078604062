// One place where blocks stand (a message, a modal, Home): its answers, its errors, its presses.
// Drawn again, it leaves every unchanged block alone and carries over what was typed in changed ones.

import { of, post } from "./api.js";
import { drawBlock } from "./blocks.js";
import { arrange, h } from "./dom.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { asToday } from "./time.js";

export class Surface {
  /** `container` is what the server is told about where a press came from; `level` the heading level of headers. */
  constructor(container, { level = 3 } = {}) {
    this.container = container;
    this.level = level;
    this.person = here.person;
    this.node = h("div", { class: "blocks" });
    this.drawn = [];
    this.controls = new Map();
    this.fields = new Map();
    this.values = {};
  }

  /** Show these blocks; `values` are answers the server already holds. */
  draw(blocks, values = {}) {
    this.values = values;
    const carried = this.read();
    const focus = this.focusNow();
    const old = new Map(this.drawn.map((one) => [one.key, one]));
    const seen = new Map();
    this.drawn = (blocks || []).map((block) => {
      const stem = block.block_id || block.type;
      const nth = (seen.get(stem) || 0) + 1;
      seen.set(stem, nth);
      const key = `${stem} ${nth}`;
      const json = asToday(block);
      const kept = old.get(key);
      if (kept?.json === json) return kept;
      this.forget(block.block_id);
      const node = drawBlock(block, this);
      this.carry(block.block_id, carried[block.block_id]);
      return { key, json, node, blockId: block.block_id };
    });
    const present = new Set(this.drawn.map((one) => one.blockId));
    for (const { blockId } of old.values()) if (!present.has(blockId)) this.forget(blockId);
    arrange(this.node, this.drawn.map((one) => one.node));
    this.refocus(focus);
  }

  forget(blockId) {
    this.controls.delete(blockId);
    this.fields.delete(blockId);
  }

  carry(blockId, answers) {
    for (const [actionId, control] of this.controls.get(blockId) || []) {
      const typed = answers?.[actionId];
      if (typed && typed.type === control.type) control.write(typed);
    }
  }

  focusNow() {
    const active = document.activeElement;
    if (!this.node.contains(active)) return null;
    const block = active.closest("[data-block-id]");
    return { active, block: block?.dataset.blockId, action: active.dataset.actionId, value: active.dataset.value, from: active.selectionStart, to: active.selectionEnd };
  }

  refocus(focus) {
    if (!focus || focus.active.isConnected) return;
    const same = (name, wanted) => (node) => node.dataset[name] === wanted;
    const blocks = [...this.node.querySelectorAll("[data-block-id]")].filter(same("blockId", focus.block));
    const rivals = blocks.flatMap((block) => [...block.querySelectorAll("[data-action-id]")]).filter(same("actionId", focus.action));
    const heir = focus.action && (rivals.find(same("value", focus.value)) || rivals[0]);
    if (!heir) {
      this.node.closest("[tabindex='-1']")?.focus({ preventScroll: true });
      return;
    }
    heir.focus({ preventScroll: true });
    if (focus.from !== null && focus.from !== undefined && heir.setSelectionRange && heir.type !== "email") heir.setSelectionRange(focus.from, focus.to);
  }

  register(blockId, actionId, control) {
    if (!this.controls.has(blockId)) this.controls.set(blockId, new Map());
    this.controls.get(blockId).set(actionId, control);
  }

  field(blockId, field) {
    this.fields.set(blockId, field);
  }

  saved(blockId, element) {
    const value = this.values?.[blockId]?.[element.action_id];
    return value && value.type === element.type ? value : null;
  }

  /** Slack's state values: {block_id: {action_id: answer}}. */
  read() {
    return Object.fromEntries([...this.controls].map(([blockId, controls]) => [blockId,
      Object.fromEntries([...controls].map(([actionId, control]) => [actionId, control.read()]))]));
  }

  /** What Slack itself would refuse before sending: {block_id: words}. */
  problems() {
    const wrong = {};
    for (const [blockId, { control, optional }] of this.fields) {
      const words = control.problem() || (!optional && !control.filled() ? "Please complete this required field" : null);
      if (words) wrong[blockId] = words;
    }
    return wrong;
  }

  /** Put each error beside its field and move to the first; gives back how many were shown. */
  showErrors(errors) {
    let first = null;
    let shown = 0;
    for (const [blockId, { error, control }] of this.fields) {
      const words = errors[blockId];
      const holder = error.parentElement;
      error.hidden = !words;
      error.replaceChildren(...(words ? [h("span", { class: "unseen" }, "Error: "), words] : []));
      holder.classList.toggle("field-wrong", Boolean(words));
      const marked = control.grouped ? holder : control.target;
      if (words) marked.setAttribute("aria-invalid", "true");
      else marked.removeAttribute("aria-invalid");
      if (words) shown += 1;
    }
    for (const { blockId } of this.drawn) if (!first && errors[blockId]) first = this.fields.get(blockId)?.control.target;
    first?.focus();
    first?.closest(".field")?.scrollIntoView({ block: "nearest" });
    return shown;
  }

  /** Tell the bot about a press or a change. */
  async act(blockId, element, value) {
    const done = await attempt(() => post(of(this.person, "action"), {
      container: this.container, block_id: blockId, action_id: element.action_id, value, state: this.read(),
    }));
    tell("acted");
    return done;
  }

  /** Ask the bot what to offer for these letters. */
  suggest(blockId, element, query) {
    return attempt(() => post(of(this.person, "options"), { container: this.container, block_id: blockId, action_id: element.action_id, value: query }));
  }
}
