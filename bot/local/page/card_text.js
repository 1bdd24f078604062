// Text in Teams' cards: the part of Markdown that Teams reads (bold, italic, links, lists), and runs, where nothing is
// read as Markdown. It is parsed, never pasted, so words in a case cannot become markup.

import { h } from "./dom.js";
import { link, plain } from "./mrkdwn.js";
import { hourMinute, longDay, mediumDay } from "./time.js";

const SPAN = /\\([\\`*_{}[\]()#+\-.!~>|])|\*\*(\S(?:.*?\S)?)\*\*|__(\S(?:.*?\S)?)__|\*([^\s*](?:[^*]*[^\s*])?)\*|(?<![\p{L}\p{N}])_([^\s_](?:[^_]*[^\s_])?)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^)\s]+)\)/u;
const MOMENT = /\{\{(DATE|TIME)\(([^,)]+)(?:,\s*(\w+))?\)\}\}/g;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+/;

/** Teams' own words for a moment, such as {{DATE(2026-03-02T09:00:00Z, SHORT)}}. */
function moments(text) {
  return text.replace(MOMENT, (whole, kind, when, style) => {
    const at = new Date(when.trim());
    if (Number.isNaN(at.getTime())) return whole;
    if (kind === "TIME") return hourMinute(at);
    return style === "LONG" ? longDay(at) : mediumDay(at);
  });
}

function spans(text) {
  const nodes = [];
  let rest = text;
  for (let found = rest.match(SPAN); found; found = rest.match(SPAN)) {
    const [whole, escaped, star, bar, slant, slope, words, href] = found;
    nodes.push(...plain(rest.slice(0, found.index), false));
    if (escaped) nodes.push(escaped);
    else if (star || bar) nodes.push(h("strong", {}, spans(star || bar)));
    else if (slant || slope) nodes.push(h("em", {}, spans(slant || slope)));
    else nodes.push(link(href, words));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, ...plain(rest, false)];
}

/** A text of one line, such as a title of a fact. */
export function inlineText(text) {
  return spans(moments(String(text ?? "")));
}

/** A TextBlock's text as block nodes. */
export function blockText(text) {
  const groups = [];
  for (const line of moments(String(text ?? "")).split(/\r\n|\r|\n/)) {
    const item = line.match(ITEM);
    const kind = item ? (item[1] ? "ol" : "ul") : line.trim() ? "p" : "gap";
    if (kind !== "gap" && groups.at(-1)?.kind === kind) groups.at(-1).lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.filter(({ kind }) => kind !== "gap").map(({ kind, lines }) => (kind === "p"
    ? h("p", {}, spans(lines.join("\n")))
    : h(kind, {}, lines.map((line) => h("li", {}, spans(line.replace(ITEM, "")))))));
}

const RUN_MARKS = [
  ["strong", (run) => run.weight === "Bolder" || run.weight === "bolder"], ["em", (run) => run.italic], ["u", (run) => run.underline],
  ["s", (run) => run.strikethrough], ["mark", (run) => run.highlight], ["code", (run) => run.fontType === "Monospace"],
];

/** One run of a RichTextBlock; `looks` gives the classes for its size and colour. */
export function run(given, looks) {
  const part = typeof given === "string" ? { text: given } : given;
  const words = plain(moments(String(part.text ?? "")), false);
  const marked = RUN_MARKS.reduce((inner, [tag, wanted]) => (wanted(part) ? h(tag, {}, inner) : inner), words);
  const classes = looks(part);
  return classes ? h("span", { class: classes }, marked) : marked;
}
