// Where a person writes. What is suggested, offered and sent is the platform's business (slack_box.js, teams_box.js).

import { fill, freshId, h, icon, menuButton } from "./dom.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";

const drafts = new Map();

/** The plus beside the box: what can be begun from here without writing. */
function shortcuts(box) {
  return menuButton({
    label: "Shortcuts", content: icon("plus"), className: "composer-plus", data: { composer: "shortcuts" },
    choices: () => {
      const offered = box.shortcuts();
      return offered.length ? offered : [{ words: "There are no shortcuts yet", choose: () => {} }];
    },
  });
}

/**
 * The composer of one conversation. `box` is {id, prompt, note, offers(text), shortcuts(), send(text)}: `offers` gives what fits
 * what has been typed so far, as {name, usage, detail, from} to put in place of the text after `from`. `sent` is called when
 * something went.
 */
export function composer(box, placeName, sent) {
  const draftKey = `${here.person} ${box.id}`;
  const noteId = box.note ? freshId("note") : null;
  const listId = freshId("commands");
  const label = `Message ${placeName}`;
  const field = h("textarea", { id: freshId("composer"), class: "composer-field", rows: "1", placeholder: matchMedia("(min-width: 46rem)").matches ? `${label}, ${box.prompt}` : label, "aria-label": label, "aria-describedby": noteId, "aria-haspopup": "listbox", "aria-controls": listId, "aria-autocomplete": "list", value: drafts.get(draftKey) || "", data: { composer: "field" } });
  const list = h("div", { class: "commands", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const sendButton = h("button", { type: "submit", class: "composer-send", "aria-label": "Send", title: "Send" }, icon("send"));
  let active = 0;
  let shown = [];
  let sending = false;

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 180)}px`;
  }
  function suggest() {
    shown = field.selectionEnd === field.value.length ? box.offers(field.value) : [];
    active = Math.max(0, Math.min(active, shown.length - 1));
    list.hidden = !shown.length;
    if (shown.length) field.setAttribute("aria-activedescendant", `${listId}-${active}`);
    else field.removeAttribute("aria-activedescendant");
    fill(list, shown.map((one, place) => h("div", { class: place === active ? "command active" : "command", role: "option", id: `${listId}-${place}`, "aria-selected": String(place === active), data: { command: one.name },
      on: { pointerdown: (event) => event.preventDefault(), click: () => take(one) } },
    h("span", { class: "command-name" }, one.name, one.usage && h("span", { class: "command-usage" }, ` ${one.usage}`)), h("small", {}, one.detail))));
  }
  function hide() {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }
  function take(one) {
    field.value = `${field.value.slice(0, one.from)}${one.name} `;
    changed();
    field.focus();
  }
  function changed() {
    drafts.set(draftKey, field.value);
    sendButton.classList.toggle("ready", field.value.trim() !== "");
    suggest();
    grow();
  }
  async function send() {
    const text = field.value.trim();
    if (!text || sending) return;
    sending = true;
    const done = await attempt(() => box.send(text));
    sending = false;
    if (!done) return;
    if (field.value.trim() === text) field.value = "";
    changed();
    tell("acted");
    sent();
  }

  const form = h("form", { class: "composer", "aria-label": label },
    list, h("div", { class: "composer-box" }, shortcuts(box), field, sendButton), box.note && h("p", { class: "composer-note", id: noteId }, box.note));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  field.addEventListener("input", () => { active = 0; changed(); });
  field.addEventListener("blur", hide);
  field.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    const exact = shown.some((one) => one.name === field.value.trim());
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
      suggest();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      hide();
    } else if (open && event.key === "Tab" && !event.shiftKey && !exact) {
      event.preventDefault();
      take(shown[active]);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (open && !exact) take(shown[active]);
      else send();
    }
  });
  queueMicrotask(changed);
  return { node: form, field };
}
