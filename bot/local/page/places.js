// Where one can go: channels, Convenor, mail and calendar, as a rail or (narrow) as tabs; and each place's head.

import { badge } from "./chairs.js";
import { fill, h, icon } from "./dom.js";
import { APP_PLACES, here, hrefOf, TEAMS_PLACES } from "./route.js";
import { openTeamsPlaces, teamsLinks, waitingInTeams } from "./teams_places.js";
import { account, channel, person, teamsRoom, world } from "./world.js";

const rail = document.getElementById("places");
const tabs = document.getElementById("tabs");

function placeLink(place, drawing, words, count, className = "place") {
  return h("a", { class: count ? `${className} has-unread` : className, href: hrefOf(place), "aria-current": here.place === place ? "page" : null, data: { place } }, icon(drawing), h("span", { class: "place-words" }, words), badge(count));
}

function channelLink(one) {
  const known = channel(one.id);
  return h("li", {}, placeLink(one.id, known?.is_private ? "lock" : "hash", [one.name, known?.is_private && h("span", { class: "unseen" }, " (private)")], one.unread));
}

function sortedChannels(sidebar) {
  return [...(sidebar?.channels || [])].sort((one, other) => one.name.localeCompare(other.name, "en-GB"));
}

function keepFocus(holder, draw) {
  const had = holder.contains(document.activeElement) && document.activeElement.dataset.place;
  draw();
  if (had) [...holder.querySelectorAll("a")].find((one) => one.dataset.place === had)?.focus();
}

const title = (words) => h("h3", { class: "rail-title" }, words);

/** Where somebody can be reached, in words; nothing where there is Slack alone. */
function platforms(someone) {
  if (!someone) return null;
  const there = world.teams && account(someone.id);
  if (!there && !someone.in_slack) return "In no chat: by e-mail only";
  if (!world.teams) return null;
  if (!there) return "In Slack only";
  const guest = there.guest ? `, there as a guest of ${there.tenant}` : "";
  return `${someone.in_slack ? "In Slack and Microsoft Teams" : "In Microsoft Teams only"}${guest}`;
}

function inSlack(sidebar, channels) {
  return [
    title(world.teams ? "Slack: channels" : "Channels"),
    channels.length ? h("ul", {}, channels.map(channelLink)) : h("p", { class: "rail-empty" }, "No channels yet. Convenor invites people when a case needs them."),
    title(world.teams ? `Slack: ${world.bot.name}` : world.bot.name),
    h("ul", {}, h("li", {}, placeLink("home", "home", "Home", 0)), h("li", {}, placeLink("messages", "message", "Messages", sidebar?.dm?.unread))),
  ];
}

/** Draw the rail and the tabs for the person sitting here. */
export function drawPlaces(sidebar) {
  const someone = person(here.person);
  const channels = sortedChannels(sidebar);
  const inChannels = channels.reduce((sum, one) => sum + (one.unread || 0), 0);
  keepFocus(rail, () => fill(rail,
    h("div", { class: "sitter" }, h("h2", {}, someone?.name), h("p", {}, [someone?.chair, someone?.agency].filter(Boolean).join(", ")), platforms(someone) && h("p", {}, platforms(someone))),
    someone?.in_slack && inSlack(sidebar, channels),
    sidebar?.teams && [title("Microsoft Teams"), teamsLinks(sidebar.teams, placeLink)],
    world.without_teams && [title("Microsoft Teams"), h("p", { class: "rail-empty" }, world.without_teams)],
    title("Desk"),
    h("ul", {}, h("li", {}, placeLink("mail", "mail", "Mail", sidebar?.mail_unread)), h("li", {}, placeLink("calendar", "calendar", "Calendar", 0)))));
  keepFocus(tabs, () => {
    const channelTab = placeLink("channels", "hash", "Channels", inChannels, "tab");
    if (channel(here.place)) channelTab.setAttribute("aria-current", "page");
    const teamsTab = placeLink("teams-places", "people", "Teams", waitingInTeams(sidebar?.teams), "tab");
    if (TEAMS_PLACES.includes(here.place) || teamsRoom(here.place)) teamsTab.setAttribute("aria-current", "page");
    fill(tabs, someone?.in_slack && [channelTab, placeLink("home", "home", "Home", 0, "tab"), placeLink("messages", "message", "Messages", sidebar?.dm?.unread, "tab")],
      sidebar?.teams && teamsTab, placeLink("mail", "mail", "Mail", sidebar?.mail_unread, "tab"), placeLink("calendar", "calendar", "Calendar", 0, "tab"));
  });
}

/** The list of places in Teams, for narrow screens. */
export function openTeamsList(main, sidebarOf) {
  return openTeamsPlaces(main, plainHead("Microsoft Teams", "This person's chat with the app, and the channels they are in there."), () => sidebarOf().teams, placeLink);
}

/** The head of a channel. */
export function channelHead(one) {
  const members = one.members?.length || 0;
  return h("header", { class: "place-head" },
    h("h2", { id: "place-title" }, icon(one.is_private ? "lock" : "hash"), one.name, one.is_private && h("span", { class: "unseen" }, " (private channel)"), world.teams && h("span", { class: "app-tag" }, "Slack")),
    h("p", { class: "place-note" }, one.topic && h("span", {}, one.topic), h("span", { class: "place-members" }, `${members} ${members === 1 ? "member" : "members"}`)));
}

/** The head of the app, with its two tabs. */
export function appHead() {
  const words = { home: "Home", messages: "Messages" };
  return h("header", { class: "place-head place-head-app" },
    h("h2", { id: "place-title" }, world.bot.name, h("span", { class: "app-tag" }, world.teams ? "App in Slack" : "App")),
    h("nav", { class: "app-tabs", "aria-label": world.bot.name }, APP_PLACES.map((place) => h("a", { href: hrefOf(place), "aria-current": here.place === place ? "page" : null, data: { appTab: place } }, words[place]))));
}

/** A plain head. */
export function plainHead(title, note) {
  return h("header", { class: "place-head" }, h("h2", { id: "place-title" }, title), note && h("p", { class: "place-note" }, h("span", {}, note)));
}

/** The list of channels as a place of its own, for narrow screens. */
export function openChannels(main, sidebarOf) {
  const holder = h("div", { class: "channel-list" });
  main.replaceChildren(plainHead("Channels", "Where this person's panels and triage talk."), h("div", { class: "scroll" }, holder));
  const refresh = () => {
    const channels = sortedChannels(sidebarOf());
    fill(holder, world.without_teams && h("p", { class: "empty" }, world.without_teams), channels.length ? h("ul", {}, channels.map(channelLink)) : h("p", { class: "empty" }, "No channels yet. Convenor invites people when a case needs them."));
  };
  refresh();
  return { refresh };
}
