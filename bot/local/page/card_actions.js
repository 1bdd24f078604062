// The buttons of Teams' cards: those that tell the app, links, cards behind a button, and parts to show or hide.

import { h, icon, menuButton } from "./dom.js";
import { plain, safeHref } from "./mrkdwn.js";

const IN_SIGHT = 6; // Teams puts the seventh button of a row, and all after it, behind three dots

const STYLES = { positive: "primary", destructive: "danger" };

function shared(action) {
  return { class: `button ${STYLES[action.style] || ""}`, title: action.tooltip, data: { action: action.title || action.type } };
}

function telling(action, questions, card) {
  const pressed = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    await card.does(action, questions);
    node.removeAttribute("aria-busy");
  };
  return h("button", { ...shared(action), type: "button", on: { click: pressed } }, plain(action.title || "", false));
}

function opening(action) {
  const href = safeHref(action.url || "");
  if (!href) return h("span", { class: "unknown" }, `${action.title || "A link"} (its address cannot be opened)`);
  return h("a", { ...shared(action), href, target: "_blank", rel: "noopener noreferrer" }, plain(action.title || href, false));
}

function unfolding(action, questions, card, panel) {
  const button = h("button", { ...shared(action), type: "button", "aria-expanded": "false", on: { click: toggle } }, plain(action.title || "", false), icon("down"));
  function toggle() {
    const open = button.getAttribute("aria-expanded") !== "true";
    for (const other of button.parentElement?.querySelectorAll("[aria-expanded=true]") || []) other.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-expanded", String(open));
    panel.replaceChildren(...(open ? [card.inner(action.card || {}, questions)] : []));
    panel.hidden = !open;
    panel.firstChild?.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }
  return button;
}

const BUTTONS = {
  "Action.Execute": telling,
  "Action.Submit": telling,
  "Action.OpenUrl": opening,
  "Action.ShowCard": unfolding,
  "Action.ToggleVisibility": (action, questions, card) => h("button", { ...shared(action), type: "button", on: { click: () => card.toggle(action.targetElements) } }, plain(action.title || "", false)),
};

function button(action, questions, card, panel) {
  const draw = BUTTONS[action.type];
  return draw ? draw(action, questions, card, panel) : h("span", { class: "unknown" }, `(${action.type} is not shown here)`);
}

/** What a button in the menu behind three dots does: as if it were pressed in the row. */
function choiceOf(action, questions, card, panel) {
  return { words: action.title, choose: () => button(action, questions, card, panel).click() };
}

/** A row of buttons, and below it the card behind the one that was unfolded. */
export function actionRow(actions, questions, card) {
  const panel = h("div", { class: "card-unfolded", hidden: true });
  const primary = actions.filter((action) => action.mode !== "secondary");
  const inSight = primary.slice(0, IN_SIGHT);
  const rest = actions.filter((action) => !inSight.includes(action));
  return h("div", { class: "card-actions" },
    h("div", { class: "actions" }, inSight.map((action) => button(action, questions, card, panel)),
      rest.length > 0 && menuButton({ label: "More buttons", content: icon("more"), className: "button icon-button", choices: () => rest.map((action) => choiceOf(action, questions, card, panel)) })),
    panel);
}
