// Block Kit as nodes: one function per kind of block.

import { control, element, image, imageToOpen, isControl } from "./elements.js";
import { freshId, h } from "./dom.js";
import { markdown } from "./markdown.js";
import { plain, textBlock, textInline, textString } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

function section(block, surface) {
  const textId = freshId("text");
  const accessory = block.accessory && element(block.accessory, block.block_id, surface, { labelledby: block.text && textId });
  const wide = isControl(block.accessory) && !["checkboxes", "radio_buttons"].includes(block.accessory.type);
  return h("div", { class: `section ${accessory ? "section-with" : ""} ${wide ? "section-wide" : ""}` },
    h("div", { class: "section-words" },
      block.text && h("div", { class: "words", id: textId }, textBlock(block.text)),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "words" }, textBlock(field))))),
    accessory && h("div", { class: "accessory" }, accessory));
}

function contextBlock(block) {
  return h("div", { class: "context" }, (block.elements || []).map((part) => (part.type === "image" ? image(part) : h("span", { class: "words" }, textInline(part)))));
}

function input(block, surface) {
  const errorId = freshId("error");
  const hintId = block.hint && freshId("hint");
  const made = control(block.element, block.block_id, surface, { live: Boolean(block.dispatch_action) });
  const label = [textInline(block.label), block.optional && h("span", { class: "optional" }, " (optional)")];
  const error = h("p", { class: "error", id: errorId, hidden: true });
  const hint = hintId && h("p", { class: "hint", id: hintId }, textInline(block.hint));
  const described = [hintId, errorId, made.describedby].filter(Boolean).join(" ");
  surface.field(block.block_id, { error, label: textString(block.label), optional: Boolean(block.optional), control: made });
  if (made.grouped) {
    const role = block.element.type === "radio_buttons" ? "radiogroup" : null;
    return h("fieldset", { class: "field", "aria-describedby": described, role }, h("legend", {}, label), hint, error, made.node);
  }
  made.target.setAttribute("aria-describedby", described);
  if (!block.optional) made.target.setAttribute("aria-required", "true");
  return h("div", { class: "field" }, h("label", { for: made.target.id }, label), hint, error, made.node);
}

function cell(content) {
  if (!content) return "";
  if (content.type === "rich_text") return richText(content);
  return plain(content.text ?? String(content.value ?? ""));
}

function table(block) {
  const [head = [], ...rows] = block.rows || [];
  const side = (place) => (block.column_settings?.[place]?.align ? `align-${block.column_settings[place].align}` : null);
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": `Table: ${head.map((one) => one?.text || "").filter(Boolean).join(", ") || "details"}` },
    h("table", {},
      h("thead", {}, h("tr", {}, head.map((one, place) => h("th", { scope: "col", class: side(place) }, cell(one))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((one, place) => h("td", { class: side(place) }, cell(one))))))));
}

function figure(block) {
  return h("figure", {}, block.title && h("figcaption", {}, textInline(block.title)), imageToOpen({ ...block, image_url: block.image_url || block.slack_file?.url }, "Open the image"));
}

const BLOCKS = {
  header: (block, surface) => h(`h${surface.level}`, { class: "block-header" }, plain(block.text?.text || "")),
  section,
  context: contextBlock,
  divider: () => h("hr"),
  actions: (block, surface) => h("div", { class: "actions" }, block.elements.map((one) => element(one, block.block_id, surface))),
  image: figure,
  input,
  rich_text: (block) => h("div", { class: "words" }, richText(block)),
  table,
  markdown: (block) => h("div", { class: "words" }, markdown(block.text)),
};

/** One block as a node; a kind this page does not know is named, not dropped in silence. */
export function drawBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, surface) : h("p", { class: "unknown" }, `This ${block.type} block is not shown in the local workspace.`);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}
