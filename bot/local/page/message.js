// One message: who, when, its blocks, and its menu of message shortcuts.

import { of, post } from "./api.js";
import { fill, h, icon, menuButton, portrait, unseen } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { Surface } from "./surface.js";
import { asToday, hourMinute, longDay } from "./time.js";
import { person, world } from "./world.js";

function menu(message, channelId) {
  const offered = world.shortcuts.filter((shortcut) => shortcut.type === "message");
  if (!offered.length || message.ephemeral) return null;
  const run = async (shortcut) => {
    await attempt(() => post(of(here.person, "shortcut"), { callback_id: shortcut.callback_id, channel: channelId, ts: message.ts }));
    tell("acted");
  };
  return menuButton({
    label: `More actions for the message from ${message.user_name}`, content: icon("more"), className: "message-more",
    choices: () => offered.map((shortcut) => ({ words: shortcut.name, data: { callback: shortcut.callback_id }, choose: () => run(shortcut) })),
  });
}

/** A message on the page: {node, update(message)}. */
export function messageCard(first, channelId) {
  const surface = new Surface({ type: "message", channel: channelId, ts: first.ts }, { level: 4 });
  const isApp = first.user === world.bot.id || Boolean(first.bot_id);
  const head = h("div", { class: "message-head" });
  const only = first.ephemeral && h("p", { class: "only-you" }, icon("eye"), "Only visible to you");
  const body = h("div", { class: "message-body" });
  const node = h("article", { class: `message ${first.ephemeral ? "message-ephemeral" : ""} ${isApp ? "message-app" : ""}`, tabindex: "-1", data: { ts: first.ts } },
    portrait(first.user, first.user_name, isApp), h("div", { class: "message-column" }, only, head, body), menu(first, channelId));
  let shown = null;

  function update(message) {
    const json = asToday(message);
    if (json === shown) return;
    shown = json;
    const at = new Date(message.at);
    const chair = !isApp && person(message.user)?.chair;
    fill(head, h("span", { class: "author" }, message.user_name), isApp && h("span", { class: "app-tag" }, "App"), chair && h("span", { class: "author-chair" }, chair),
      h("time", { datetime: message.at, title: longDay(at) }, hourMinute(at)), message.edited && h("span", { class: "edited" }, unseen(", "), "edited"));
    node.setAttribute("aria-label", `${message.user_name}, ${hourMinute(at)}${message.ephemeral ? ", only visible to you" : ""}`);
    node.classList.toggle("message-reply", Boolean(message.thread_ts && message.thread_ts !== message.ts));
    if (message.blocks?.length) {
      surface.draw(message.blocks);
      if (surface.node.parentElement !== body) fill(body, surface.node);
    } else fill(body, h("div", { class: "words" }, mrkdwn(message.text)));
  }

  update(first);
  return { node, update };
}
