// Typed answers: text, e-mail, address, number, rich text, dates and times. Each maker gives a control:
// {type, node, target, read(), write(value), filled(), problem()}. `read` is Slack's state value.

import { freshId, h } from "./dom.js";
import { longDay, noonOf, shortDay, hourMinute, unixOfWall, wallOf, zoneName } from "./time.js";

const KINDS = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url" },
  number_input: { type: "text", inputmode: "decimal" },
};

function wordsWrong(element, value) {
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return "Enter an e-mail address in the form name@example.org";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(value)) return "Enter a web address beginning with https://";
  if (element.min_length && value.length < element.min_length) return `Enter at least ${element.min_length} characters`;
  if (element.max_length && value.length > element.max_length) return `Enter no more than ${element.max_length} characters`;
  if (element.type !== "number_input") return null;
  if (!(element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/).test(value)) return element.is_decimal_allowed ? "Enter a number" : "Enter a whole number";
  if (element.min_value !== undefined && Number(value) < Number(element.min_value)) return `Enter ${element.min_value} or more`;
  if (element.max_value !== undefined && Number(value) > Number(element.max_value)) return `Enter ${element.max_value} or less`;
  return null;
}

const WORTH_COUNTING = 40;

/** How much room is left, once less than a fifth is; silent before, and for fields of a few characters. */
function counter(element, field) {
  if (!element.max_length || element.max_length < WORTH_COUNTING) return null;
  const node = h("p", { class: "counter", id: freshId("counter") });
  const count = () => {
    const left = element.max_length - field.value.length;
    node.hidden = left >= element.max_length / 5;
    node.textContent = node.hidden ? "" : `${left} ${left === 1 ? "character" : "characters"} left`;
    node.classList.toggle("counter-low", left < 20);
  };
  field.addEventListener("input", count);
  node.count = count;
  count();
  return node;
}

function dispatching(element, field, changed) {
  const triggers = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  let waiting = 0;
  field.addEventListener("input", () => {
    if (!triggers.includes("on_character_entered")) return;
    clearTimeout(waiting);
    waiting = setTimeout(changed, 300);
  });
  field.addEventListener("keydown", (event) => {
    const plainEnter = event.key === "Enter" && !event.shiftKey && !event.metaKey && !event.ctrlKey && !event.isComposing;
    if (!plainEnter || field.tagName === "TEXTAREA") return;
    event.preventDefault();
    if (triggers.includes("on_enter_pressed")) changed();
  });
}

/** A single- or many-line text field, an e-mail address, a web address or a number. */
export function typed(element, { value, changed }) {
  const start = value ? value.value : element.initial_value;
  const shared = { id: freshId("input"), class: "text-input", placeholder: element.placeholder?.text, value: start ?? "" };
  const field = element.multiline
    ? h("textarea", { ...shared, rows: "5" })
    : h("input", { ...shared, autocomplete: "off", ...KINDS[element.type] });
  const count = counter(element, field);
  dispatching(element, field, changed);
  return {
    type: element.type,
    node: h("div", { class: "typed" }, field, count),
    target: field,
    describedby: count?.id,
    read: () => ({ type: element.type, value: field.value === "" ? null : field.value }),
    write: (given) => { field.value = given.value ?? ""; count?.count(); },
    filled: () => field.value.trim() !== "",
    problem: () => (field.value === "" ? null : wordsWrong(element, field.value.trim())),
  };
}

function richValue(words) {
  if (!words.trim()) return null;
  return { type: "rich_text", elements: words.split(/\n{2,}/).map((paragraph) => ({ type: "rich_text_section", elements: [{ type: "text", text: paragraph }] })) };
}

function wordsOf(rich) {
  const words = (part) => (part.elements ? part.elements.map(words).join("") : part.text || part.url || "");
  return (rich?.elements || []).map(words).join("\n\n");
}

/** Rich text, typed here as plain paragraphs. */
export function richInput(element, { value }) {
  const field = h("textarea", { id: freshId("input"), class: "text-input", rows: "6", placeholder: element.placeholder?.text, value: wordsOf(value ? value.rich_text_value : element.initial_value) });
  return {
    type: element.type,
    node: h("div", { class: "typed" }, field),
    target: field,
    read: () => ({ type: element.type, rich_text_value: richValue(field.value) }),
    write: (given) => { field.value = wordsOf(given.rich_text_value); },
    filled: () => field.value.trim() !== "",
    problem: () => null,
  };
}

const SENSIBLE_YEAR = /^(19|2\d)\d\d-/;

const MOMENTS = {
  datepicker: {
    kind: "date", key: "selected_date", initial: "initial_date",
    toField: (date) => date || "", fromField: (text) => text || null,
    say: (text) => (SENSIBLE_YEAR.test(text) ? longDay(noonOf(text)) : ""),
    settled: (text) => !text || SENSIBLE_YEAR.test(text),
  },
  timepicker: {
    kind: "time", key: "selected_time", initial: "initial_time",
    toField: (time) => time || "", fromField: (text) => text?.slice(0, 5) || null, say: () => "", settled: () => true,
  },
  datetimepicker: {
    kind: "datetime-local", key: "selected_date_time", initial: "initial_date_time",
    toField: (unix) => (unix ? wallOf(unix * 1000) : ""), fromField: (text) => (text ? unixOfWall(text) : null),
    say: (text) => {
      if (!SENSIBLE_YEAR.test(text)) return "";
      const at = new Date(unixOfWall(text) * 1000);
      return `${shortDay(at)} at ${hourMinute(at)} ${zoneName(at)}`;
    },
    settled: (text) => !text || SENSIBLE_YEAR.test(text),
  },
};

/** A date, a time, or both; said again in words so that 03/04 cannot be misread. */
export function moment(element, { value, changed }) {
  const rule = MOMENTS[element.type];
  const start = value ? value[rule.key] : element[rule.initial];
  const field = h("input", { type: rule.kind, id: freshId("input"), class: "text-input moment-input", max: rule.kind === "date" ? "2199-12-31" : null, value: rule.toField(start) });
  const said = h("span", { class: "moment-said", id: freshId("said") });
  const say = () => { said.textContent = rule.say(field.value); };
  field.addEventListener("input", say);
  field.addEventListener("change", () => { if (rule.settled(field.value)) changed(); });
  say();
  return {
    type: element.type,
    node: h("div", { class: "moment" }, field, said),
    target: field,
    describedby: said.id,
    read: () => ({ type: element.type, [rule.key]: rule.fromField(field.value) }),
    write: (given) => { field.value = rule.toField(given[rule.key]); say(); },
    filled: () => field.value !== "",
    problem: () => (field.validity.badInput ? "Finish this date or time, or clear it" : null),
  };
}
