// One message in Teams: who, when, its words or its card, and what Teams says above the card to whoever pressed.
// A card that has views of their own for some people asks for this person's as it comes on the screen.

import { of, post } from "./api.js";
import { Card } from "./card.js";
import { fill, h, icon, menuButton, portrait, unseen } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { announce, attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { extend, toldByTeams } from "./teams_dialog.js";
import { asToday, hourMinute, longDay } from "./time.js";
import { person, world } from "./world.js";

const watched = new WeakMap();
const watch = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) watched.get(target)?.();
});

function menu(message, roomId) {
  const offered = world.teams.extensions.filter((one) => one.type === "message");
  if (!offered.length || message.ephemeral) return null;
  return menuButton({
    label: `More actions for the message from ${message.user_name}`, content: icon("more"), className: "message-more",
    choices: () => offered.map((one) => ({ words: one.name, data: { callback: one.callback_id }, choose: () => extend(roomId, one.callback_id, message.ts) })),
  });
}

/** A message of Teams on the page: {node, update(message)}. */
export function teamsMessage(first, roomId) {
  const who = here.person;
  const address = (...rest) => of(who, "teams", "rooms", roomId, "messages", first.ts, ...rest);
  const isApp = first.user === world.bot.id;
  const head = h("div", { class: "message-head" });
  const only = first.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you");
  const note = h("p", { class: "card-note", role: "status", hidden: true });
  const own = h("p", { class: "card-own", hidden: true }, icon("eye"), "Drawn for you: others see this card without what is yours");
  const body = h("div", { class: "message-body" });
  const card = new Card({ press });
  const paper = h("div", { class: "card" }, own, card.node, card.foot);
  const node = h("article", { class: `message ${first.ephemeral ? "message-ephemeral" : ""} ${isApp ? "message-app" : ""}`, tabindex: "-1", data: { ts: first.ts } },
    portrait(first.user, first.user_name, isApp), h("div", { class: "message-column" }, only, head, note, body), menu(first, roomId));
  let shown = null;
  let edits = null;

  async function press(action, inputs) {
    const answer = await attempt(() => post(address("press"), { action, inputs }));
    if (answer && action.type === "Action.Execute") {
      note.textContent = answer.told || "";
      note.hidden = !answer.told;
      if (answer.told) announce(answer.told);
    } else if (answer?.told) toldByTeams(answer.told);
    tell("acted");
  }
  async function look() {
    if (document.visibilityState !== "visible") return;
    const answer = await attempt(() => post(address("look")));
    if (answer?.came) tell("acted");
  }
  function update(message) {
    const json = asToday(message);
    if (json === shown) return;
    shown = json;
    const at = new Date(message.at);
    const chair = !isApp && person(message.user)?.chair;
    fill(head, h("span", { class: "author" }, message.user_name), isApp && h("span", { class: "app-tag" }, "App"), chair && h("span", { class: "author-chair" }, chair),
      h("time", { datetime: message.at, title: longDay(at) }, hourMinute(at)), message.edited && h("span", { class: "edited" }, unseen(", "), "edited"));
    node.setAttribute("aria-label", `${message.user_name}, ${hourMinute(at)}${message.ephemeral ? ", only visible to you" : ""}`);
    node.classList.toggle("message-reply", Boolean(message.thread_ts));
    own.hidden = !message.own_view || !message.has_views;
    if (message.card) {
      card.draw(message.card);
      fill(body, message.text && h("div", { class: "words" }, h("p", {}, plain(message.text, false))), paper);
    } else fill(body, h("div", { class: "words" }, h("p", {}, plain(message.text || "", false))));
    if (edits !== null && edits !== message.edits) announce("A card here was edited.");
    if (message.has_views && edits !== message.edits) {
      watched.set(node, look);
      watch.unobserve(node);
      watch.observe(node);
    }
    edits = message.edits;
  }

  update(first);
  return { node, update };
}
