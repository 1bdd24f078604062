// Slack's mrkdwn as nodes: *bold*, _italic_, ~struck~, `code`, ```blocks```, > quotes, bullets, <links>,
// mentions, dates and entities. It is parsed, never pasted, so words in a case cannot become markup.

import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { here, hrefOf, permalink } from "./route.js";
import { dateInWords } from "./time.js";
import { channel, nameOf } from "./world.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const BULLET = /^\s*[•◦▪‣]\s+/;

export function unescaped(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** An address a person may follow, or null: only web, mail and telephone links are ever made. */
export function safeHref(url) {
  return /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(url) ? url : null;
}

/** The place in this page that a permalink of this workspace means, or null. */
function inPage(url) {
  const linked = url.startsWith(`${location.origin}/`) ? permalink(url.slice(location.origin.length)) : null;
  return linked && hrefOf(linked.message ? `${linked.channel}/${linked.message}` : linked.channel);
}

/** A link: within this page for a permalink of this workspace, otherwise opening beside it. */
export function link(url, words) {
  const own = inPage(url);
  if (own) return h("a", { href: own }, words || "a message here");
  const href = safeHref(url);
  if (!href) return h("span", {}, words || url);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words || url);
}

/** A person's name where Slack has only an id. */
export function mention(userId) {
  return h("span", { class: userId === here.person ? "mention mention-me" : "mention", data: { user: userId } }, `@${nameOf(userId)}`);
}

export function channelMention(channelId, fallback) {
  const known = channel(channelId);
  return h("a", { class: "mention", href: hrefOf(channelId) }, `#${known?.name || fallback || "a channel"}`);
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

/** Slack's date token as a <time>, in the workspace's zone. */
export function dateNode(unix, pattern, fallback, href) {
  const words = dateInWords(Number(unix), pattern) ?? fallback ?? "";
  const instant = new Date(Number(unix) * 1000);
  const node = h("time", { datetime: Number.isNaN(instant.getTime()) ? null : instant.toISOString() }, words);
  return href && safeHref(href) ? h("a", { href: safeHref(href), target: "_blank", rel: "noopener noreferrer" }, node) : node;
}

/** Plain text with :short_codes: shown as characters and line breaks kept. */
export function plain(text, withEmoji = true) {
  const shown = withEmoji ? text.replace(/:([a-z0-9_+-]+):/g, (whole, code) => emojiFor(code) || whole) : text;
  return shown.split("\n").flatMap((line, place) => (place ? [h("br"), line] : [line])).filter((part) => part !== "");
}

function angled(inside) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescaped(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, unix, pattern, href] = target.split("^");
    return dateNode(unix, unescaped(pattern || ""), label, href);
  }
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, label || "@group");
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!")) return h("span", {}, label || target);
  const url = unescaped(target);
  return safeHref(url) ? link(url, label || url.replace(/^mailto:/, "")) : `<${inside}>`;
}

/** Where a mark opened at `start` closes on the same line, or -1. */
function closing(text, start, mark) {
  const before = text[start - 1];
  if (before && /[\p{L}\p{N}]/u.test(before)) return -1;
  if (!text[start + 1] || /\s/.test(text[start + 1]) || text[start + 1] === mark) return -1;
  for (let place = start + 2; place < text.length && text[place] !== "\n"; place += 1) {
    const after = text[place + 1];
    if (text[place] === mark && !/\s/.test(text[place - 1]) && !(after && /[\p{L}\p{N}]/u.test(after))) return place;
  }
  return -1;
}

function inline(text) {
  const nodes = [];
  let held = "";
  const flush = () => {
    if (held) nodes.push(...plain(unescaped(held)));
    held = "";
  };
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    const rest = text.slice(place);
    const end = letter === "<" ? text.indexOf(">", place) : letter === "`" ? text.indexOf("`", place + 1) : MARKS[letter] ? closing(text, place, letter) : -1;
    const bare = letter === "h" && !/[\p{L}\p{N}]$/u.test(held) && rest.match(/^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)'"*_~]/);
    if (bare) {
      flush();
      nodes.push(link(unescaped(bare[0])));
      place += bare[0].length - 1;
    } else if (end > place + 1 && (letter !== "`" || !text.slice(place, end).includes("\n"))) {
      const inside = text.slice(place + 1, end);
      flush();
      if (letter === "<") nodes.push(angled(inside));
      else if (letter === "`") nodes.push(h("code", {}, unescaped(inside)));
      else nodes.push(h(MARKS[letter], {}, inline(inside)));
      place = end;
    } else held += letter;
  }
  flush();
  return nodes;
}

function grouped(lines) {
  const groups = [];
  for (const line of lines) {
    const quote = line.match(/^(?:&gt;|>)\s?(.*)$/);
    const kind = quote ? "quote" : BULLET.test(line) ? "bullet" : "words";
    const said = quote ? quote[1] : kind === "bullet" ? line.replace(BULLET, "") : line;
    if (groups.at(-1)?.kind === kind) groups.at(-1).lines.push(said);
    else groups.push({ kind, lines: [said] });
  }
  return groups;
}

function paragraphs(text) {
  return grouped(text.split("\n")).map(({ kind, lines }) => {
    if (kind === "quote") return h("blockquote", {}, inline(lines.join("\n")));
    if (kind === "bullet") return h("ul", {}, lines.map((line) => h("li", {}, inline(line))));
    const words = lines.join("\n").replace(/^\n+|\n+$/g, "");
    if (!words) return null;
    return words.split(/\n{2,}/).map((paragraph) => h("p", {}, inline(paragraph)));
  });
}

/** A whole mrkdwn text as block nodes (paragraphs, quotes, lists, code blocks). */
export function mrkdwn(text) {
  return String(text ?? "").split("```").flatMap((piece, place) => {
    if (place % 2) return h("pre", {}, h("code", {}, unescaped(piece.replace(/^\n|\n$/g, ""))));
    return piece.trim() ? paragraphs(piece) : [];
  });
}

/** A short mrkdwn text as inline nodes, for context lines, options and table cells. */
export function mrkdwnInline(text) {
  return inline(String(text ?? ""));
}

/** A Slack text object, plain or mrkdwn, as block nodes. */
export function textBlock(text) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text) : h("p", {}, plain(text.text, text.emoji !== false));
}

/** A Slack text object as inline nodes. */
export function textInline(text) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwnInline(text.text) : plain(text.text || "", text.emoji !== false);
}

/** A Slack text object as a string for labels and titles. */
export function textString(text) {
  if (!text) return "";
  const holder = h("span", {}, textInline(text));
  return holder.textContent;
}
