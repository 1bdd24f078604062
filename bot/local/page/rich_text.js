// Slack's rich_text: sections, lists, quotes and preformatted text, each element already labelled by type.

import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { broadcast, channelMention, dateNode, link, mention, plain } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner), node);
}

const ELEMENTS = {
  text: (part) => plain(part.text || "", false),
  link: (part) => link(part.url, part.text),
  user: (part) => mention(part.user_id),
  channel: (part) => channelMention(part.channel_id),
  usergroup: () => h("span", { class: "mention" }, "@group"),
  broadcast: (part) => broadcast(part.range),
  emoji: (part) => emojiFor(part.name) || `:${part.name}:`,
  date: (part) => dateNode(part.timestamp, part.format || "{date_short_pretty} at {time}", part.fallback, part.url),
  color: (part) => h("code", {}, part.value),
};

function parts(elements) {
  return (elements || []).map((part) => styled(ELEMENTS[part.type]?.(part) ?? part.text ?? "", part.style));
}

function list(block) {
  const items = (block.elements || []).map((item) => h("li", {}, parts(item.elements)));
  const properties = { class: `depth-${Math.min(block.indent || 0, 4)}` };
  if (block.style === "ordered") return h("ol", { ...properties, start: block.offset ? block.offset + 1 : null }, items);
  return h("ul", properties, items);
}

const CONTAINERS = {
  rich_text_section: (block) => h("p", {}, parts(block.elements)),
  rich_text_list: list,
  rich_text_quote: (block) => h("blockquote", {}, parts(block.elements)),
  rich_text_preformatted: (block) => h("pre", {}, h("code", {}, parts(block.elements))),
};

/** The nodes of a rich_text block or value. */
export function richText(block) {
  return (block?.elements || []).map((container) => CONTAINERS[container.type]?.(container) || null);
}
