// Chosen answers from a closed list: checkboxes, radio buttons, and single selects as the browser's own select.

import { freshId, h } from "./dom.js";
import { textInline, textString } from "./mrkdwn.js";
import { agencies, world } from "./world.js";

const same = (one, other) => Boolean(one && other && one.value === other.value);

/** Checkboxes or radio buttons; the control's node is the list, its label a legend around it. */
export function ticks(element, { value, changed }) {
  const many = element.type === "checkboxes";
  const start = many
    ? (value ? value.selected_options : element.initial_options) || []
    : [value ? value.selected_option : element.initial_option].filter(Boolean);
  const name = freshId("choice");
  const boxes = (element.options || []).map((option, place) => {
    const describedby = option.description && freshId("detail");
    const box = h("input", { type: many ? "checkbox" : "radio", id: `${name}-${place}`, name, value: option.value, "aria-describedby": describedby || null, checked: start.some((chosen) => same(chosen, option)), on: { change: changed } });
    const row = h("div", { class: "tick" }, box, h("label", { for: box.id }, textInline(option.text)),
      option.description && h("span", { class: "tick-detail", id: describedby }, textInline(option.description)));
    return { box, option, row };
  });
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option);
  return {
    type: element.type,
    grouped: true,
    node: h("div", { class: "ticks" }, boxes.map(({ row }) => row)),
    target: boxes[0]?.box,
    read: () => (many ? { type: element.type, selected_options: chosen() } : { type: element.type, selected_option: chosen()[0] || null }),
    write: (given) => {
      const wanted = many ? given.selected_options || [] : [given.selected_option];
      for (const { box, option } of boxes) box.checked = wanted.some((one) => same(one, option));
    },
    filled: () => chosen().length > 0,
    problem: () => null,
  };
}

function peopleGroups() {
  return [...agencies()].map(([label, people]) => ({ label, options: people.filter((someone) => someone.in_slack).map((someone) => ({ value: someone.id, words: someone.name, detail: someone.chair || someone.title })) }));
}

function channelGroups() {
  return [{ label: null, options: world.channels.map((one) => ({ value: one.id, words: `#${one.name}`, detail: one.topic })) }];
}

function optionGroups(element) {
  const shaped = (option) => ({ value: option.value, words: textString(option.text), detail: textString(option.description), raw: option });
  if (element.option_groups) return element.option_groups.map((group) => ({ label: textString(group.label), options: group.options.map(shaped) }));
  return [{ label: null, options: (element.options || []).map(shaped) }];
}

const SINGLES = {
  static_select: { key: "selected_option", initial: "initial_option", groups: optionGroups },
  users_select: { key: "selected_user", initial: "initial_user", groups: peopleGroups },
  conversations_select: { key: "selected_conversation", initial: "initial_conversation", groups: channelGroups },
  channels_select: { key: "selected_channel", initial: "initial_channel", groups: channelGroups },
};

/** Choices of any select as groups of {value, words, detail, raw}; shared with the pickers of many. */
export function groupsFor(element) {
  const kind = element.type.replace(/^multi_/, "");
  return SINGLES[kind].groups(element);
}

/** One choice from a list. */
export function select(element, { value, changed }) {
  const { key, initial } = SINGLES[element.type];
  const groups = groupsFor(element);
  const options = groups.flatMap((group) => group.options);
  const valueOf = (stored) => (stored && typeof stored === "object" ? stored.value : stored) || "";
  const detail = h("p", { class: "select-detail", id: freshId("detail"), hidden: true });
  const drawn = (option) => h("option", { value: option.value }, option.detail && element.type === "users_select" ? `${option.words}, ${option.detail}` : option.words);
  const field = h("select", { id: freshId("select"), class: "select-input" },
    h("option", { value: "" }, textString(element.placeholder) || "Choose one"),
    groups.map((group) => (group.label ? h("optgroup", { label: group.label }, group.options.map(drawn)) : group.options.map(drawn))));
  const describe = () => {
    const chosen = options.find((option) => option.value === field.value);
    const words = element.type === "static_select" ? chosen?.detail : "";
    detail.textContent = words || "";
    detail.hidden = !words;
    field.classList.toggle("unchosen", !field.value);
  };
  const put = (stored) => {
    const wanted = valueOf(stored);
    field.value = options.some((option) => option.value === wanted) ? wanted : "";
    describe();
  };
  put(value ? value[key] : element[initial]);
  field.addEventListener("change", () => { describe(); changed(); });
  return {
    type: element.type,
    node: h("div", { class: "select-holder" }, field, detail),
    target: field,
    describedby: detail.id,
    read: () => {
      const chosen = options.find((option) => option.value === field.value);
      return { type: element.type, [key]: chosen ? chosen.raw || chosen.value : null };
    },
    write: (given) => put(given[key]),
    filled: () => field.value !== "",
    problem: () => null,
  };
}
