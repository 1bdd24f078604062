// Choosing by searching: selects of many, and selects whose choices come from the bot as one types.
// A combobox with a list below it; what has been chosen stands above as chips that can be taken away.

import { groupsFor } from "./choices.js";
import { freshId, fill, h, icon, unseen } from "./dom.js";
import { textString } from "./mrkdwn.js";

const KEYS = {
  static_select: ["selected_option", "initial_option"],
  external_select: ["selected_option", "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
};
const PAUSE_MS = 200;

function shaped(option) {
  return { value: option.value, words: textString(option.text), detail: textString(option.description), raw: option };
}

function remoteGroups(answer) {
  if (answer?.option_groups?.length) return answer.option_groups.map((group) => ({ label: textString(group.label), options: group.options.map(shaped) }));
  return [{ label: null, options: (answer?.options || []).map(shaped) }];
}

function matching(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (option) => words.every((word) => `${option.words} ${option.detail || ""}`.toLowerCase().includes(word));
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
}

/** A searchable select. `suggest(query)` asks the bot; it is used by external selects only. */
export function picker(element, { value, changed, suggest }) {
  const many = element.type.startsWith("multi_");
  const remote = element.type.endsWith("external_select");
  const [single, initialSingle] = KEYS[element.type.replace(/^multi_/, "")];
  const key = many ? `${single}s` : single;
  const least = element.min_query_length ?? 3;
  const most = many ? element.max_selected_items || 100 : 1;
  const listId = freshId("list");

  let chosen = [];
  let shown = [];
  let active = -1;
  let waiting = 0;
  let asked = 0;

  const field = h("input", { type: "text", id: freshId("pick"), class: "pick-field", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list", placeholder: textString(element.placeholder) || "Search" });
  const chips = h("ul", { class: "chips", "aria-label": "Chosen" });
  const list = h("div", { class: "pick-list", id: listId, role: "listbox", "aria-label": "Choices", "aria-multiselectable": many ? "true" : null });
  const words = h("p", { class: "pick-words", role: "status" });
  const panel = h("div", { class: "pick-panel", hidden: true }, list, words);
  const node = h("div", { class: "picker" }, chips, h("div", { class: "pick-box" }, field, icon("down")), panel);

  function stored(item) {
    return item.raw || item.value;
  }
  function itemOf(saved) {
    if (saved && typeof saved === "object") return shaped(saved);
    const known = groupsFor(element).flatMap((group) => group.options).find((option) => option.value === saved);
    return known || { value: saved, words: saved };
  }
  function put(saved) {
    chosen = (many ? saved || [] : [saved]).filter(Boolean).map(itemOf);
    drawChips();
  }
  function drawChips() {
    chips.hidden = !chosen.length;
    fill(chips, chosen.map((item) => h("li", { class: "chip" }, h("span", {}, item.words),
      h("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${item.words}`, on: { click: () => { remove(item); field.focus(); } } }, icon("close")))));
  }
  function remove(item) {
    chosen = chosen.filter((one) => one.value !== item.value);
    drawChips();
    if (!panel.hidden) draw();
    changed();
  }
  function toggle(item) {
    if (chosen.some((one) => one.value === item.value)) return many ? remove(item) : close();
    if (many && chosen.length >= most) { words.textContent = `You can choose ${most} at most.`; return undefined; }
    chosen = many ? [...chosen, item] : [item];
    drawChips();
    const filtered = field.value !== "";
    field.value = "";
    if (!many) close();
    else if (filtered) search();
    else draw();
    changed();
    return undefined;
  }
  function draw(groups = draw.last || []) {
    draw.last = groups;
    shown = [];
    fill(list, groups.filter((group) => group.options.length).map((group) => {
      const labelId = group.label && freshId("group");
      const rows = group.options.map((item) => {
        const place = shown.push(item) - 1;
        const isChosen = chosen.some((one) => one.value === item.value);
        return h("div", { class: "pick-option", role: "option", id: `${listId}-${place}`, "aria-selected": String(isChosen), data: { value: item.value },
          on: { pointerdown: (event) => event.preventDefault(), click: () => toggle(item) } },
        h("span", { class: "pick-option-words" }, item.words), item.detail && h("small", {}, item.detail), isChosen && unseen(", chosen"));
      });
      return group.label ? h("div", { role: "group", "aria-labelledby": labelId }, h("div", { class: "pick-group", id: labelId, role: "presentation" }, group.label), rows) : rows;
    }));
    point(Math.min(Math.max(active, -1), shown.length - 1));
  }
  function point(place) {
    active = place;
    for (const row of list.querySelectorAll(".pick-option")) row.classList.toggle("active", row.id === `${listId}-${place}`);
    if (place < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", `${listId}-${place}`);
      document.getElementById(`${listId}-${place}`)?.scrollIntoView({ block: "nearest" });
    }
  }
  function count() {
    words.textContent = shown.length ? `${shown.length} ${shown.length === 1 ? "choice" : "choices"}` : "Nothing found. Try fewer letters.";
  }
  async function fetchChoices(query) {
    asked += 1;
    const mine = asked;
    words.textContent = "Searching";
    const answer = await suggest(query);
    if (mine !== asked || panel.hidden) return;
    draw(remoteGroups(answer));
    count();
  }
  function search() {
    const query = field.value.trim();
    clearTimeout(waiting);
    active = -1;
    if (!remote) {
      draw(matching(groupsFor(element), query));
      count();
    } else if (query.length < least) {
      asked += 1;
      draw([]);
      words.textContent = `Type at least ${least} ${least === 1 ? "letter" : "letters"} to search.`;
    } else waiting = setTimeout(() => fetchChoices(query), PAUSE_MS);
  }
  function open() {
    if (!panel.hidden) return;
    panel.hidden = false;
    field.setAttribute("aria-expanded", "true");
    search();
  }
  function close() {
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.value = "";
    point(-1);
  }

  const onKey = {
    ArrowDown: () => { open(); point(Math.min(active + 1, shown.length - 1)); },
    ArrowUp: () => point(Math.max(active - 1, 0)),
    Enter: () => {
      const pick = shown[active] || (shown.length === 1 && field.value ? shown[0] : null);
      if (!panel.hidden && pick) toggle(pick);
      else open();
    },
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) { event.preventDefault(); event.stopPropagation(); close(); return; }
    if (event.key === "Backspace" && !field.value && chosen.length) { remove(chosen.at(-1)); return; }
    if (!onKey[event.key]) return;
    event.preventDefault();
    onKey[event.key]();
  });
  field.addEventListener("input", () => { if (panel.hidden) open(); else search(); });
  field.addEventListener("click", open);
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) close(); });
  put(value ? value[key] : element[many ? `${initialSingle}s` : initialSingle]);

  return {
    type: element.type,
    node,
    target: field,
    read: () => ({ type: element.type, [key]: many ? chosen.map(stored) : (chosen[0] ? stored(chosen[0]) : null) }),
    write: (given) => put(given[key]),
    filled: () => chosen.length > 0,
    problem: () => null,
  };
}
