// The questions of Teams' cards. Each is answered with the same controls as Slack's; what is read from them is text,
// as Teams sends it, several choices with commas between.

import { select, ticks } from "./choices.js";
import { freshId, h } from "./dom.js";
import { moment, typed } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { picker } from "./picker.js";

const words = (text) => ({ type: "plain_text", text: String(text ?? ""), emoji: false });
const optionsOf = (input) => (input.choices || []).map((choice) => ({ text: words(choice.title), value: String(choice.value) }));
const numeral = (number) => (number === undefined ? undefined : String(number));

/** A control whose answers are {key: value} in Slack's shape, as one whose answer is text. */
function asText(made, key, write = (text) => text) {
  return { ...made, read: () => made.read()[key] ?? "", write: (text) => made.write({ [key]: write(text) }) };
}

function textInput(input) {
  const element = { type: "plain_text_input", multiline: Boolean(input.isMultiline), max_length: input.maxLength, placeholder: input.placeholder ? words(input.placeholder) : null };
  const made = asText(typed(element, { changed: () => {} }), "value");
  if (input.style === "email") made.target.type = "email";
  if (input.maxLength) made.target.maxLength = input.maxLength;
  return made;
}

function numberInput(input) {
  const element = { type: "number_input", is_decimal_allowed: true, min_value: numeral(input.min), max_value: numeral(input.max), placeholder: input.placeholder ? words(input.placeholder) : null };
  return asText(typed(element, { changed: () => {} }), "value");
}

const momentInput = (type, key) => (input) => asText(moment({ type }, { changed: () => {} }), key, (text) => text || null);

function toggle(input) {
  const on = input.valueOn ?? "true";
  const off = input.valueOff ?? "false";
  const made = ticks({ type: "checkboxes", options: [{ text: words(input.title), value: on }] }, { changed: () => {} });
  return { ...made, read: () => (made.filled() ? on : off), write: (text) => made.write({ selected_options: text === on ? [{ value: on }] : [] }) };
}

function choiceSet(input) {
  const many = Boolean(input.isMultiSelect);
  const options = optionsOf(input);
  const expanded = input.style === "expanded";
  const element = { type: many ? (expanded ? "checkboxes" : "multi_static_select") : expanded ? "radio_buttons" : "static_select", options, placeholder: words(input.placeholder || "Choose") };
  const made = (expanded ? ticks : many ? picker : select)(element, { changed: () => {}, suggest: () => null });
  const chosen = (text) => text.split(",").map((value) => options.find((option) => option.value === value)).filter(Boolean);
  if (many) return { ...made, read: () => made.read().selected_options.map(({ value }) => value).join(","), write: (text) => made.write({ selected_options: chosen(text) }) };
  return { ...made, read: () => made.read().selected_option?.value ?? "", write: (text) => made.write({ selected_option: options.find((option) => option.value === text) || null }) };
}

const CONTROLS = {
  "Input.Text": textInput,
  "Input.Number": numberInput,
  "Input.Date": momentInput("datepicker", "selected_date"),
  "Input.Time": momentInput("timepicker", "selected_time"),
  "Input.Toggle": toggle,
  "Input.ChoiceSet": choiceSet,
};

export const isInput = (element) => Boolean(CONTROLS[element.type]);

/** What Teams' own client would refuse before the app is asked, or null. */
function problemOf(input, made) {
  if (input.isRequired && !made.filled()) return input.errorMessage || "Please answer this question";
  if (input.regex && made.read() && !new RegExp(input.regex, "u").test(made.read())) return input.errorMessage || "This is not in the form that is asked for";
  return made.problem();
}

/** A question as a field: {node, target, read, write, check}. `check()` shows what is wrong, and says whether all is well. */
export function inputField(input) {
  const made = CONTROLS[input.type](input);
  const errorId = freshId("error");
  const error = h("p", { class: "error", id: errorId, hidden: true });
  const label = [plain(input.label || "", false), input.isRequired && h("span", { class: "unseen" }, " (required)")];
  const described = [errorId, made.describedby].filter(Boolean).join(" ");
  made.write(String(input.value ?? ""));
  let node;
  if (made.grouped) node = h("fieldset", { class: "field", "aria-describedby": described, role: input.isMultiSelect || input.type === "Input.Toggle" ? null : "radiogroup" }, input.label && h("legend", {}, label), error, made.node);
  else {
    made.target.setAttribute("aria-describedby", described);
    if (!input.label) made.target.setAttribute("aria-label", input.placeholder || input.id);
    node = h("div", { class: "field" }, input.label && h("label", { for: made.target.id }, label), error, made.node);
  }
  node.dataset.inputId = input.id;
  const marked = made.grouped ? node : made.target;
  function mark(problem) {
    if (problem) marked.setAttribute("aria-invalid", "true");
    else marked.removeAttribute("aria-invalid");
    node.classList.toggle("field-wrong", Boolean(problem));
  }
  function check() {
    const problem = problemOf(input, made);
    error.hidden = !problem;
    error.replaceChildren(...(problem ? [h("span", { class: "unseen" }, "Error: "), problem] : []));
    mark(problem);
    return !problem;
  }
  /** What the app says of the answer stands in `words`, below the question. */
  function mend(said) {
    said.id ||= freshId("mend");
    marked.setAttribute("aria-describedby", `${described} ${said.id}`);
    mark(true);
  }
  return { node, target: made.target, read: made.read, write: made.write, initial: made.read(), check, mend };
}
