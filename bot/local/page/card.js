// A card of Teams (an Adaptive Card): its elements, its questions, its buttons. Drawn again, it keeps what was typed and
// where the focus was; a kind of element that this page does not know is named, not dropped in silence.

import { inputField, isInput } from "./card_inputs.js";
import { actionRow } from "./card_actions.js";
import { blockText, inlineText, run } from "./card_text.js";
import { fill, h } from "./dom.js";
import { image, imageToOpen } from "./elements.js";
import { asToday } from "./time.js";

const SIZES = { small: "text-small", medium: "text-medium", large: "text-large", extralarge: "text-large" };
const COLOURS = { attention: "text-attention", warning: "text-warning", good: "text-good", accent: "text-accent" };

function looks(part) {
  const of = (table, word) => table[String(word || "").toLowerCase()];
  return [of(SIZES, part.size), of(COLOURS, part.color), part.isSubtle && "text-subtle"].filter(Boolean).join(" ");
}

/** Whether a press does no more than open this image alone. */
const opens = (element) => element.type === "Image" && element.selectAction?.type === "Action.OpenUrl" && element.selectAction.url === element.url;

const attends = (element) => element?.type === "RichTextBlock" && (element.inlines || []).some((part) => String(part.color).toLowerCase() === "attention");

/** The questions of one card; a card behind a button has those of the card around it as well. */
class Questions {
  constructor(around = null) {
    this.around = around;
    this.fields = new Map();
  }

  all() {
    return [...(this.around ? this.around.all() : []), ...this.fields];
  }

  read() {
    return Object.fromEntries(this.all().map(([id, field]) => [id, field.read()]));
  }

  check() {
    const wrong = this.all().filter(([, field]) => !field.check());
    wrong[0]?.[1].target?.focus();
    return wrong.length === 0;
  }
}

export class Card {
  /** `press(action, answers)` tells the app; `level` is the heading level; a card that `keeps` carries over what was typed. */
  constructor({ press, level = 4, keeps = true }) {
    this.press = press;
    this.level = level;
    this.keeps = keeps;
    this.node = h("div", { class: "card-body" });
    this.foot = h("div", { class: "card-foot" });
    this.shown = null;
    this.reset();
  }

  reset() {
    this.questions = new Questions();
    this.named = new Map();
    this.mended = [];
    this.warnings = [];
  }

  /** Show this card; nothing happens where it is shown already. */
  draw(card) {
    const json = asToday(card);
    if (json === this.shown) return;
    const typed = this.keeps ? this.questions.all().filter(([, field]) => field.read() !== field.initial).map(([id, field]) => [id, field.read()]) : [];
    const focus = this.focusNow();
    this.shown = json;
    this.reset();
    fill(this.node, this.elements(card.body || [], this.questions));
    fill(this.foot, card.actions?.length ? actionRow(card.actions, this.questions, this) : []);
    for (const [id, text] of typed) this.questions.fields.get(id)?.write(text);
    this.refocus(focus);
  }

  focusNow() {
    const active = document.activeElement;
    if (!this.node.contains(active) && !this.foot.contains(active)) return null;
    return { active, input: active.closest("[data-input-id]")?.dataset.inputId, title: active.dataset.action };
  }

  refocus(focus) {
    if (!focus || focus.active.isConnected) return;
    const buttons = [this.node, this.foot].flatMap((part) => [...part.querySelectorAll("[data-action]")]);
    const heir = this.questions.fields.get(focus.input)?.target || buttons.find((button) => button.dataset.action === focus.title);
    if (heir) heir.focus({ preventScroll: true });
    else this.node.closest("[tabindex='-1']")?.focus({ preventScroll: true });
  }

  /** The nodes of a body, in order. What the app wants mended stands under its question, and belongs to it. */
  elements(body, questions) {
    const nodes = body.map((element) => this.element(element, questions));
    body.forEach((element, place) => {
      if (!attends(element)) return;
      nodes[place].tabIndex = -1;
      const field = isInput(body[place - 1] || {}) && questions.fields.get(body[place - 1].id);
      if (field) field.mend(nodes[place]);
      (field ? this.mended : this.warnings).push(field ? field.target : nodes[place]);
    });
    return nodes;
  }

  element(element, questions) {
    const draw = isInput(element) ? this.input : ELEMENTS[element.type];
    const node = draw ? draw.call(this, element, questions) : h("p", { class: "unknown" }, `This part of the card (${element.type}) is not shown in the local workspace.`);
    node.classList.add("card-element", `space-${String(element.spacing || "default").toLowerCase()}`);
    if (element.separator) node.classList.add("card-separated");
    if (element.isVisible === false) node.hidden = true;
    if (element.id) this.named.set(element.id, node);
    if (element.selectAction && !opens(element)) this.selectable(node, element.selectAction, questions);
    return node;
  }

  input(input, questions) {
    const field = inputField(input);
    questions.fields.set(input.id, field);
    return field.node;
  }

  /** A card behind a button, with its buttons below it. */
  inner(card, around) {
    const questions = new Questions(around);
    return h("div", { class: "card-inner", tabindex: "-1" }, this.elements(card.body || [], questions), card.actions?.length ? actionRow(card.actions, questions, this) : null);
  }

  selectable(node, action, questions) {
    const go = () => this.does(action, questions);
    node.setAttribute("role", "button");
    node.tabIndex = 0;
    if (action.title) node.setAttribute("aria-label", action.title);
    node.addEventListener("click", go);
    node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); go(); } });
  }

  /** Tell the app, once the answers are in order. */
  async does(action, questions) {
    if (action.associatedInputs !== "none" && !questions.check()) return;
    await this.press(action, questions.read());
  }

  /** Show what is hidden, and the other way round. */
  toggle(targets) {
    for (const target of targets || []) {
      const { elementId, isVisible } = typeof target === "string" ? { elementId: target } : target;
      const node = this.named.get(elementId);
      if (node) node.hidden = isVisible === undefined ? !node.hidden : !isVisible;
    }
  }
}

const ELEMENTS = {
  TextBlock(block) {
    const classes = ["words", looks(block), String(block.weight).toLowerCase() === "bolder" && "text-bolder"].filter(Boolean).join(" ");
    if (block.style === "heading") return h(`h${this.level}`, { class: `block-header ${looks(block)}` }, inlineText(block.text));
    return h("div", { class: classes }, blockText(block.text));
  },
  RichTextBlock: (block) => h("p", { class: "words" }, (block.inlines || []).map((part) => run(part, looks))),
  Image: (block) => (opens(block) ? imageToOpen : image)({ image_url: block.url, alt_text: block.altText }, block.selectAction?.title),
  ImageSet: (block) => h("div", { class: "card-images" }, (block.images || []).map((one) => image({ image_url: one.url, alt_text: one.altText }))),
  Container(block, questions) {
    const style = String(block.style || "").toLowerCase();
    return h("div", { class: style && style !== "default" ? `card-box card-box-${style}` : "card-group" }, this.elements(block.items || [], questions));
  },
  ColumnSet(block, questions) {
    return h("div", { class: "card-columns" }, (block.columns || []).map((column) => {
      const node = h("div", { class: column.width === "auto" ? "card-column card-column-auto" : "card-column" }, this.elements(column.items || [], questions));
      if (column.isVisible === false) node.hidden = true;
      if (column.id) this.named.set(column.id, node);
      if (column.selectAction) this.selectable(node, column.selectAction, questions);
      return node;
    }));
  },
  FactSet: (block) => h("dl", { class: "card-facts" }, (block.facts || []).flatMap((fact) => [h("dt", {}, inlineText(fact.title)), h("dd", {}, inlineText(fact.value))])),
  ActionSet(block, questions) {
    return actionRow(block.actions || [], questions, this);
  },
};
