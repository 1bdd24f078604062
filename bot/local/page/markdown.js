// The markdown block: the part of standard Markdown that minutes and letters use.
// Headings, lists, quotes, rules, tables, code, emphasis, links. Anything else is shown as typed.

import { h } from "./dom.js";
import { link } from "./mrkdwn.js";

const SPAN = /(`[^`]+`)|(\*\*[^*]+\*\*|__[^_]+__)|(\*[^*\s][^*]*\*|\b_[^_]+_\b)|(~~[^~]+~~)|(\[[^\]]+\]\([^)\s]+\))|(https?:\/\/[^\s<>)]+)/;

function spans(text) {
  const nodes = [];
  let rest = text;
  for (let found = rest.match(SPAN); found; found = rest.match(SPAN)) {
    nodes.push(rest.slice(0, found.index));
    const [whole, code, strong, em, struck, linked] = found;
    if (code) nodes.push(h("code", {}, code.slice(1, -1)));
    else if (strong) nodes.push(h("strong", {}, spans(strong.slice(2, -2))));
    else if (em) nodes.push(h("em", {}, spans(em.slice(1, -1))));
    else if (struck) nodes.push(h("s", {}, spans(struck.slice(2, -2))));
    else if (linked) nodes.push(link(linked.slice(linked.indexOf("](") + 2, -1), linked.slice(1, linked.indexOf("]("))));
    else nodes.push(link(whole));
    rest = rest.slice(found.index + whole.length);
  }
  return [...nodes, rest];
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => spans(cell.trim()));
}

function table(lines) {
  const [head, , ...body] = lines;
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {},
    h("thead", {}, h("tr", {}, cells(head).map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", {}, body.map((line) => h("tr", {}, cells(line).map((cell) => h("td", {}, cell)))))));
}

const KINDS = [
  { fits: /^```/, until: /^```/, draw: (lines) => h("pre", {}, h("code", {}, lines.slice(1).join("\n"))) },
  { fits: /^#{1,6}\s/, single: true, draw: ([line]) => h(`h${Math.min(line.match(/^#+/)[0].length + 2, 6)}`, {}, spans(line.replace(/^#+\s+/, ""))) },
  { fits: /^(-{3,}|\*{3,})\s*$/, single: true, draw: () => h("hr") },
  { fits: /^>\s?/, draw: (lines) => h("blockquote", {}, lines.map((line) => h("p", {}, spans(line.replace(/^>\s?/, ""))))) },
  { fits: /^\s*[-*+]\s+/, draw: (lines) => h("ul", {}, lines.map((line) => h("li", {}, spans(line.replace(/^\s*[-*+]\s+(\[[ x]\]\s)?/, ""))))) },
  { fits: /^\s*\d+[.)]\s+/, draw: (lines) => h("ol", {}, lines.map((line) => h("li", {}, spans(line.replace(/^\s*\d+[.)]\s+/, ""))))) },
  { fits: /^\s*\|.*\|\s*$/, draw: (lines) => (lines.length > 1 ? table(lines) : h("p", {}, lines[0])) },
  { fits: /\S/, words: true, draw: (lines) => h("p", {}, lines.flatMap((line, place) => (place ? [h("br"), spans(line)] : spans(line)))) },
];

/** A Markdown text as block nodes. */
export function markdown(text) {
  const nodes = [];
  const lines = String(text ?? "").split("\n");
  while (lines.length) {
    const kind = KINDS.find(({ fits }) => fits.test(lines[0]));
    const taken = [lines.shift()];
    if (!kind) continue;
    const belongs = () => {
      if (!lines.length || kind.single) return false;
      if (kind.until) return !kind.until.test(lines[0]);
      return kind.words ? KINDS.find(({ fits }) => fits.test(lines[0])) === kind : kind.fits.test(lines[0]);
    };
    while (belongs()) taken.push(lines.shift());
    if (kind.until) lines.shift();
    nodes.push(kind.draw(taken));
  }
  return nodes;
}
