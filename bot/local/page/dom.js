// Building the page: elements, icons and the few DOM habits every other module shares.
// Text always goes in as text nodes; nothing on this page is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";
let counter = 0;

/** An id no other element on the page has. */
export function freshId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/**
 * An element with its properties and children.
 * `class`, `data` (an object) and `on` (event name to listener) are understood; `true` sets an empty
 * attribute, `false`, `null` and `undefined` leave it out. Children that are null or false are skipped.
 */
export function h(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data") for (const [key, datum] of Object.entries(value)) { if (datum !== undefined) node.dataset[key] = datum; }
    else if (name === "value") node.value = value;
    else if (name === "checked" || name === "selected") node[name] = true;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...kept(children));
  return node;
}

function kept(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replace everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren(...kept(children));
  return node;
}

/** Make `parent` hold exactly `nodes` in this order, leaving alone those already in place (so focus stays). */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, place) => {
    if (parent.childNodes[place] !== node) parent.insertBefore(node, parent.childNodes[place] || null);
  });
}

const STROKES = {
  hash: "M7 3 5.5 17M14.5 3 13 17M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  home: "M3 9.5 10 3.5l7 6M5 8.5V17h10V8.5",
  message: "M3 4h14v10H9l-4 3v-3H3z",
  mail: "M2.5 4.5h15v11h-15zM3 5l7 6 7-6",
  calendar: "M3 5h14v12H3zM3 8.5h14M7 3v3M13 3v3",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  back: "M12 4l-6 6 6 6",
  forward: "M8 4l6 6-6 6",
  down: "M5 8l5 5 5-5",
  send: "M3 10 17 4l-4.5 13-3-5.5zM9.5 11.500 17 4",
  sliders: "M4 6h7M15 6h1M4 14h1M9 14h7M11 6a2 2 0 1 0 4 0 2 2 0 1 0-4 0M5 14a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  people: "M7 9a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5M2.500 16c0-3 2-4.500 4.500-4.500s4.500 1.500 4.500 4.500M13 9a2 2 0 1 0 0-4M14 11.500c2 .3 3.500 1.800 3.500 4.500",
  more: "M4.500 10h.01M10 10h.01M15.500 10h.01",
  eye: "M2 10c3-5 13-5 16 0-3 5-13 5-16 0M10 10m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
};

/** A small line drawing, hidden from screen readers: the words beside it say the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STROKES[name]);
  svg.append(path);
  return svg;
}

/** Words for screen readers only. */
export function unseen(words) {
  return h("span", { class: "unseen" }, words);
}

/** Initials on a quiet colour, the same colour for the same id. */
export function portrait(id, name, isApp = false) {
  const letters = (name || "?").split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const initials = isApp ? "C" : `${letters[0]?.[0] || "?"}${letters.length > 1 ? letters.at(-1)[0] : ""}`;
  const tone = [...String(id)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 6, 7);
  return h("span", { class: isApp ? "portrait portrait-app" : `portrait tone-${tone}`, "aria-hidden": "true" }, initials.toUpperCase());
}

/**
 * A button that opens a small list of choices below it.
 * `choices` are {words, detail?, danger?, choose}. Esc and a press elsewhere close it; focus goes back to the button.
 */
export function menuButton({ label, content, choices, className = "", data = {} }) {
  const listId = freshId("menu");
  const button = h("button", { type: "button", class: `menu-button ${className}`, "aria-haspopup": "true", "aria-expanded": "false", "aria-controls": listId, "aria-label": label, title: label, data }, content);
  const list = h("div", { class: "menu", id: listId, role: "group", "aria-label": label, hidden: true });
  const holder = h("div", { class: "menu-holder" }, button, list);

  function close(refocus) {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", elsewhere, true);
    if (refocus) button.focus();
  }
  function elsewhere(event) {
    if (!holder.contains(event.target)) close(false);
  }
  function open() {
    fill(list, choices().map((choice) => h("button", {
      type: "button", class: choice.danger ? "menu-item danger" : "menu-item", data: choice.data || {},
      on: { click: () => { close(true); choice.choose(button); } },
    }, h("span", {}, choice.words), choice.detail && h("small", {}, choice.detail))));
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", elsewhere, true);
    list.classList.remove("menu-above", "menu-left");
    const box = list.getBoundingClientRect();
    if (box.bottom > window.innerHeight - 8 && box.height < box.top) list.classList.add("menu-above");
    if (box.right > window.innerWidth - 8) list.classList.add("menu-left");
    list.querySelector("button")?.focus();
  }
  button.addEventListener("click", () => (list.hidden ? open() : close(true)));
  holder.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const items = [...list.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); close(true); }
    else if (step) { event.preventDefault(); items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus(); }
  });
  holder.addEventListener("focusout", (event) => {
    if (!list.hidden && event.relatedTarget && !holder.contains(event.relatedTarget)) close(false);
  });
  return holder;
}
