// Where a person writes: a message, or a slash command. Commands are suggested after /, people after @.

import { of, post } from "./api.js";
import { fill, freshId, h, icon, menuButton } from "./dom.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { world } from "./world.js";

const drafts = new Map();
const OFFERED = 8;

/** What fits what has been typed so far: {name, usage, detail, from} to put in place of the text after `from`. */
function fitting(text) {
  const command = text.match(/^\/(\S*)$/);
  if (command) {
    return world.commands.filter((one) => one.command.slice(1).startsWith(command[1].toLowerCase()))
      .map((one) => ({ name: one.command, usage: one.usage, detail: one.description, from: 0 }));
  }
  const mention = text.match(/(?:^|\s)@(\p{L}*)$/u);
  if (!mention) return [];
  const letters = mention[1].toLowerCase();
  const starts = (name) => name.toLowerCase().split(" ").some((word) => word.startsWith(letters));
  return [{ name: world.bot.name, detail: "App" }, ...world.people.map((one) => ({ name: one.name, detail: one.chair }))]
    .filter((one) => starts(one.name)).slice(0, OFFERED)
    .map((one) => ({ ...one, name: `@${one.name}`, from: text.length - letters.length - 1 }));
}

function shortcuts(channelId) {
  const run = async (shortcut) => {
    await attempt(() => post(of(here.person, "shortcut"), { callback_id: shortcut.callback_id, channel: channelId }));
    tell("acted");
  };
  return menuButton({
    label: "Shortcuts", content: icon("plus"), className: "composer-plus", data: { composer: "shortcuts" },
    choices: () => {
      const offered = world.shortcuts.filter((shortcut) => shortcut.type === "global");
      if (!offered.length) return [{ words: "There are no shortcuts yet", choose: () => {} }];
      return offered.map((shortcut) => ({ words: shortcut.name, data: { callback: shortcut.callback_id }, choose: () => run(shortcut) }));
    },
  });
}

/** The composer of one conversation. `sent` is called when something went. */
export function composer(channelId, placeName, sent) {
  const draftKey = `${here.person} ${channelId}`;
  const listId = freshId("commands");
  const label = `Message ${placeName}`;
  const field = h("textarea", { id: freshId("composer"), class: "composer-field", rows: "1", placeholder: matchMedia("(min-width: 46rem)").matches ? `${label}, or type / for commands` : label, "aria-label": label, "aria-haspopup": "listbox", "aria-controls": listId, "aria-autocomplete": "list", value: drafts.get(draftKey) || "", data: { composer: "field" } });
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
    shown = field.selectionEnd === field.value.length ? fitting(field.value) : [];
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
    const [, command, rest] = text.match(/^(\/\S+)\s*([\s\S]*)$/) || [];
    const done = await attempt(() => (command
      ? post(of(here.person, "command"), { channel: channelId, command, text: rest })
      : post(of(here.person, "conversations", channelId, "messages"), { text })));
    sending = false;
    if (!done) return;
    if (field.value.trim() === text) field.value = "";
    changed();
    tell("acted");
    sent();
  }

  const form = h("form", { class: "composer", "aria-label": label },
    list, h("div", { class: "composer-box" }, shortcuts(channelId), field, sendButton));
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
