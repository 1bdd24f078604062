// Places in Microsoft Teams: a person's chat with the app, and the channels and group chats that they are in.

import { fill, h, icon } from "./dom.js";
import { openConversation } from "./conversation.js";
import { of } from "./api.js";
import { here } from "./route.js";
import { teamsBox } from "./teams_box.js";
import { teamsMessage } from "./teams_message.js";
import { account, teamsRoom, world } from "./world.js";

const KINDS = { channel: "Channel in Microsoft Teams", groupChat: "Group chat in Microsoft Teams" };
const ICONS = { channel: "hash", groupChat: "people" };

/** How many things wait for a person in Teams. */
export function waitingInTeams(teams) {
  return teams ? teams.rooms.reduce((sum, one) => sum + (one.unread || 0), 0) + (teams.chat.unread || 0) : 0;
}

/** The links to a person's places in Teams; `link(place, drawing, words, count)` makes one. */
export function teamsLinks(teams, link) {
  return h("ul", {}, h("li", {}, link("teams", "message", `Chat with ${world.bot.name}`, teams.chat.unread)),
    teams.rooms.map((one) => h("li", {}, link(one.id, ICONS[teamsRoom(one.id)?.kind] || "hash", [one.name, h("span", { class: "unseen" }, ` (${KINDS[teamsRoom(one.id)?.kind] || "Microsoft Teams"})`)], one.unread))));
}

function roomHead(room) {
  const members = room.members.length;
  return h("header", { class: "place-head" },
    h("h2", { id: "place-title" }, icon(ICONS[room.kind] || "hash"), room.name, h("span", { class: "app-tag" }, "Microsoft Teams")),
    h("p", { class: "place-note" }, h("span", {}, `${KINDS[room.kind]}, ${room.tenant}`), room.topic && h("span", {}, room.topic), h("span", { class: "place-members" }, `${members} ${members === 1 ? "member" : "members"}`)));
}

function chatHead() {
  const { tenant, guest } = account(here.person);
  return h("header", { class: "place-head" },
    h("h2", { id: "place-title" }, world.bot.name, h("span", { class: "app-tag" }, "App in Microsoft Teams")),
    h("p", { class: "place-note" }, h("span", {}, `Chat in Microsoft Teams, ${guest ? `as a guest of ${tenant}` : tenant}`)));
}

/** Show a channel, a group chat or (without `room`) the chat with the app, whose conversation is `id`. */
export function openTeams(main, id, room) {
  return openConversation(main, {
    name: room ? `${room.name} in Teams` : `${world.bot.name} in Teams`,
    head: room ? roomHead(room) : chatHead(),
    empty: room ? "No messages yet. Write help below, and the app says what it can do here." : "No messages yet. Write home or help below, or press the plus to raise a concern.",
    address: of(here.person, "teams", "rooms", id, "messages"),
    cardOf: (message) => teamsMessage(message, id),
    box: teamsBox(id, Boolean(room)),
  });
}

/** The list of places in Teams as a place of its own, for narrow screens. */
export function openTeamsPlaces(main, head, teamsOf, link) {
  const list = h("div", { class: "channel-list" });
  main.replaceChildren(head, h("div", { class: "scroll" }, list));
  const refresh = () => fill(list, teamsLinks(teamsOf(), link));
  refresh();
  return { refresh };
}
