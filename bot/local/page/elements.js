// What a block may carry: buttons, overflow menus and every kind of input, wired to the surface they stand on.

import { of } from "./api.js";
import { ticks, select } from "./choices.js";
import { confirmed } from "./dialog.js";
import { h, icon, menuButton } from "./dom.js";
import { moment, richInput, typed } from "./inputs.js";
import { plain, safeHref, textInline, textString } from "./mrkdwn.js";
import { picker } from "./picker.js";
import { here } from "./route.js";

const CONTROLS = {
  plain_text_input: typed, email_text_input: typed, url_text_input: typed, number_input: typed, rich_text_input: richInput,
  datepicker: moment, timepicker: moment, datetimepicker: moment,
  checkboxes: ticks, radio_buttons: ticks,
  static_select: select, users_select: select, conversations_select: select, channels_select: select,
  external_select: picker, multi_static_select: picker, multi_external_select: picker, multi_users_select: picker,
  multi_conversations_select: picker, multi_channels_select: picker,
};

export function isControl(element) {
  return Boolean(CONTROLS[element?.type]);
}

/**
 * The control for an input element, known to the surface. A change is sent to the bot when `live`
 * (an input block with dispatch_action, or an element outside input blocks).
 */
export function control(element, blockId, surface, { live }) {
  let before = null;
  async function changed() {
    if (!live) return;
    if (element.confirm && !(await confirmed(element.confirm))) {
      made.write(before);
      return;
    }
    before = made.read();
    await surface.act(blockId, element, made.read());
  }
  const made = CONTROLS[element.type](element, {
    value: surface.saved(blockId, element),
    changed,
    suggest: (query) => surface.suggest(blockId, element, query),
  });
  before = made.read();
  if (made.target) made.target.dataset.actionId = element.action_id;
  made.node.dataset.actionNode = element.action_id;
  surface.register(blockId, element.action_id, made);
  return made;
}

function button(element, blockId, surface) {
  const style = element.style === "danger" ? "danger" : element.style === "primary" ? "primary" : "";
  const shared = { class: `button ${style}`, "aria-label": element.accessibility_label, data: { actionId: element.action_id, value: element.value } };
  const pressed = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") === "true") return;
    if (element.confirm && !(await confirmed(element.confirm))) return;
    node.setAttribute("aria-busy", "true");
    await surface.act(blockId, element, { type: "button", value: element.value, text: element.text });
    node.removeAttribute("aria-busy");
  };
  const href = element.url && safeHref(element.url);
  if (href) return h("a", { ...shared, href, target: "_blank", rel: "noopener noreferrer", on: { click: pressed } }, textInline(element.text));
  return h("button", { ...shared, type: "button", on: { click: pressed } }, textInline(element.text));
}

function overflow(element, blockId, surface) {
  const chosen = async (option) => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    if (option.url && safeHref(option.url)) window.open(safeHref(option.url), "_blank", "noopener");
    await surface.act(blockId, element, { type: "overflow", selected_option: option });
  };
  return menuButton({
    label: "More choices", content: icon("more"), className: "button icon-button", data: { actionId: element.action_id },
    choices: () => element.options.map((option) => ({ words: textString(option.text), detail: textString(option.description) || null, data: { value: option.value }, choose: () => chosen(option) })),
  });
}

/** An image of this server's: an uploaded file, shown to whom it was sent, or by its address. */
export function image(element) {
  const address = element.slack_file?.id ? of(here.person, "files", element.slack_file.id) : element.image_url || "";
  const own = address.startsWith("/") || address.startsWith(`${location.origin}/`);
  if (own) return h("img", { src: address, alt: element.alt_text || "", class: "block-image" });
  return h("span", { class: "image-words" }, `Image: ${element.alt_text || "not shown here"}`);
}

/** The same, opened alone by a press, where there is room to read the small print; its link is named by `opens`. */
export function imageToOpen(element, opens) {
  const drawn = image(element);
  if (drawn.tagName !== "IMG") return drawn;
  return h("a", { href: drawn.getAttribute("src"), target: "_blank", rel: "noopener noreferrer", class: "image-open", title: opens }, drawn);
}

/** An element outside an input block: live, and named by `name` (its own placeholder) or by `labelledby`. */
export function element(given, blockId, surface, { labelledby } = {}) {
  if (given.type === "button") return button(given, blockId, surface);
  if (given.type === "overflow") return overflow(given, blockId, surface);
  if (given.type === "image") return image(given);
  if (!isControl(given)) return h("span", { class: "unknown" }, plain(`(${given.type} is not shown here)`));
  const made = control(given, blockId, surface, { live: true });
  const named = made.grouped ? made.node : made.target;
  if (made.grouped) named.setAttribute("role", "group");
  const own = textString(given.placeholder);
  if (labelledby && !own) named.setAttribute("aria-labelledby", labelledby);
  else named.setAttribute("aria-label", own || (given.action_id || given.type).replace(/[_:.-]+/g, " "));
  if (made.describedby) made.target.setAttribute("aria-describedby", made.describedby);
  return made.node;
}
