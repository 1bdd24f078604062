// The page: who sits here and where, what the server tells, and which part to draw again.

import { get, listen, of } from "./api.js";
import { openCalendar } from "./calendar.js";
import { caption } from "./caption.js";
import { drawChairs, syncChooser } from "./chairs.js";
import { drawClock } from "./clock.js";
import { openConversation } from "./conversation.js";
import { h } from "./dom.js";
import { openHome } from "./home.js";
import { openMail } from "./mail.js";
import { messageCard } from "./message.js";
import { refreshViews } from "./modal.js";
import { announce, attempt, connectionFound, connectionLost } from "./notices.js";
import { appHead, channelHead, drawPlaces, openChannels, openTeamsList, plainHead } from "./places.js";
import { here, hrefOf, permalink, readAddress, SLACK_PLACES, TEAMS_PLACES } from "./route.js";
import { when } from "./signals.js";
import { slackBox } from "./slack_box.js";
import { buildSwitches, drawSwitches } from "./switches.js";
import { refreshTeamsDialog } from "./teams_dialog.js";
import { openTeams } from "./teams_places.js";
import { account, channel, firstPlace, holder, learn, person, teamsRoom, world } from "./world.js";

const main = document.getElementById("main");
const sidebars = new Map();
const GATHER_MS = 120;
const TICK_MS = 30_000;

let shown = { refresh: () => {} };
let opened = null;
let greeted = false;

function drawRails() {
  drawChairs(sidebars);
  drawPlaces(sidebars.get(here.person));
}

async function count(people) {
  await Promise.all(people.map(async (id) => {
    const sidebar = await attempt(() => get(of(id, "sidebar")));
    if (sidebar) sidebars.set(id, sidebar);
  }));
  if ([...sidebars.values()].some((sidebar) => sidebar.channels?.some((one) => !channel(one.id)))) await attempt(learn);
  drawRails();
}

function openSlack(channelId, name, head, empty) {
  return openConversation(main, { name, head, empty, address: of(here.person, "conversations", channelId, "messages"), cardOf: (message) => messageCard(message, channelId), box: slackBox(channelId) });
}

const PLACES = {
  home: () => openHome(main, appHead()),
  messages: () => {
    const dm = sidebars.get(here.person)?.dm;
    if (!dm) return nowhere("No direct messages with Convenor yet. It writes first when there is something for this person.");
    return openSlack(dm.id, world.bot.name, appHead(), "No messages yet. Convenor writes here when something needs this person.");
  },
  mail: () => openMail(main, plainHead("Mail", person(here.person)?.email)),
  calendar: () => openCalendar(main, plainHead("Calendar", "Invitations that came by e-mail, and entries of one’s own where the diary is with Microsoft.")),
  channels: () => openChannels(main, () => sidebars.get(here.person)),
  teams: () => openTeams(main, sidebars.get(here.person).teams.chat.id),
  "teams-places": () => openTeamsList(main, () => sidebars.get(here.person)),
};

function nowhere(words, head = appHead()) {
  main.replaceChildren(head, h("div", { class: "scroll" }, h("p", { class: "empty" }, words)));
  return { refresh: () => {} };
}

function openPlace() {
  const known = channel(here.place);
  const room = teamsRoom(here.place);
  const someone = person(here.person);
  const mine = sidebars.get(here.person)?.channels?.find((one) => one.id === here.place);
  const elsewhere = (what) => `${someone.name} ${what}. Choose a place on the list, or sit in another chair.`;
  if (SLACK_PLACES.includes(here.place) && !someone.in_slack) return nowhere(elsewhere("has no account in Slack"), plainHead("Slack"));
  if (TEAMS_PLACES.includes(here.place) && !account(here.person)) return nowhere(elsewhere("has no account in Microsoft Teams"), plainHead("Microsoft Teams"));
  if (PLACES[here.place]) return PLACES[here.place]();
  if (known && mine) return openSlack(known.id, `#${known.name}`, channelHead(known), "No messages yet. Write the first one below, or type / to see what Convenor can do.");
  if (known) return nowhere(elsewhere("is not in this channel"), channelHead(known));
  if (room?.members.includes(here.person)) return openTeams(main, room.id, room);
  if (room) return nowhere(elsewhere("is not in this channel"), plainHead(room.name, "Microsoft Teams"));
  here.place = firstPlace(someone);
  history.replaceState(null, "", hrefOf(here.place));
  return PLACES[here.place]();
}

function titled() {
  const where = document.getElementById("place-title")?.textContent || "";
  document.title = `${where} · ${person(here.person)?.name} · Convenor local workspace`;
}

/** Go where the address says: perhaps another person, perhaps another place. */
async function arrive() {
  if (!world.people.length) return;
  readAddress();
  const someone = person(here.person);
  if (!someone) {
    here.person = world.people[0].id;
    here.place = firstPlace(world.people[0]);
    history.replaceState(null, "", hrefOf(here.place));
  }
  localStorage.setItem("person", here.person);
  const key = `${here.person} ${here.place}`;
  if (key === opened) {
    shown.reveal?.(here.message);
    return;
  }
  const samePerson = opened?.startsWith(`${here.person} `);
  opened = key;
  if (!sidebars.has(here.person) || (here.place === "messages" && !sidebars.get(here.person).dm)) await count([here.person]);
  if (here.place && !PLACES[here.place] && !channel(here.place) && !teamsRoom(here.place)) await learn();
  if (key !== opened) return;
  shown = openPlace();
  scrollTo(0, 0);
  opened = `${here.person} ${here.place}`;
  syncChooser();
  drawRails();
  titled();
  if (greeted) {
    const heading = document.getElementById("place-title")?.textContent;
    announce(samePerson ? heading : `Now sitting as ${person(here.person).name}, ${person(here.person).chair}. ${heading}`);
  }
  greeted = true;
  if (!samePerson) refreshDialogs();
  await shown.refresh();
  shown.reveal?.(here.message);
  count([here.person]);
}

/** A page opened by a permalink: the person who sat here last, if the channel is theirs, or else its first member. */
function fromPermalink() {
  const linked = permalink(location.pathname);
  if (!linked) return;
  const members = channel(linked.channel)?.members || [];
  const last = localStorage.getItem("person");
  const who = members.includes(last) ? last : members[0] || world.people[0].id;
  history.replaceState(null, "", `/${hrefOf(linked.message ? `${linked.channel}/${linked.message}` : linked.channel, who)}`);
}

const pending = new Set();
const pendingPeople = new Set();
let gathering = 0;

/** Gather what changed for a moment, then draw each changed part once. */
function changed(part, people = []) {
  pending.add(part);
  for (const id of people) pendingPeople.add(id);
  if (gathering) return;
  gathering = setTimeout(async () => {
    const parts = new Set(pending);
    const ids = [...pendingPeople].filter((id) => person(id));
    pending.clear();
    pendingPeople.clear();
    gathering = 0;
    if (parts.has("world")) {
      await attempt(learn);
      drawClock();
      drawSwitches();
    }
    if (parts.has("views")) refreshDialogs();
    if (parts.has("place")) await shown.refresh();
    if (ids.length) count([...new Set(ids)]);
  }, GATHER_MS);
}

function refreshDialogs() {
  refreshViews();
  refreshTeamsDialog();
}

const everyone = () => world.people.map((someone) => someone.id);

/** Whose places in Teams a change is about. */
function concernedInTeams({ room, person: mri }) {
  if (mri) return [holder(mri)].filter(Boolean);
  return teamsRoom(room)?.members || everyone();
}

function concerned(event) {
  if (event.user) return [event.user];
  const members = channel(event.channel)?.members;
  return members || everyone();
}

const HEARD = {
  message: (event) => {
    const unknown = event.channel?.startsWith("C") && !channel(event.channel);
    if (unknown) changed("world");
    changed(event.channel === shown.placeId || !event.channel ? "place" : "rails", concerned(event));
  },
  ephemeral: (event) => HEARD.message(event),
  teams: (event) => changed(event.room === shown.placeId ? "place" : "rails", concernedInTeams(event)),
  teams_dialog: (event) => { if (holder(event.person) === here.person) changed("views"); },
  view: (event) => { if (!event.user || event.user === here.person) changed("views"); },
  home: (event) => { if (here.place === "home" && (!event.user || event.user === here.person)) changed("place"); },
  mail: (event) => changed(["mail", "calendar"].includes(here.place) ? "place" : "rails", concerned(event)),
  clock: () => { changed("world"); changed(shown.placeId || here.place === "calendar" ? "place" : "rails", everyone()); },
  caption,
};

when("acted", () => { changed("views"); changed("place", [here.person]); });
when("moved", () => { changed(here.place === "calendar" ? "place" : "rails", everyone()); });
when("counts", () => changed("rails", [here.person]));

document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
addEventListener("hashchange", arrive);

async function start() {
  try {
    await learn();
  } catch {
    connectionLost();
    setTimeout(start, 2000);
    return;
  }
  document.getElementById("connection").hidden = true;
  const area = (world.area?.name || "Aldermere").replace(/\s*\((invented|fictional)\)/i, "");
  document.getElementById("area").textContent = `${area} (fictional), drill data`;
  if (world.area?.note) document.getElementById("area").title = world.area.note;
  buildSwitches(document.getElementById("switches"));
  drawClock();
  fromPermalink();
  await count(everyone());
  await arrive();
  setInterval(() => changed("world"), TICK_MS);
  listen({
    heard: (event) => HEARD[event.type]?.(event),
    lost: connectionLost,
    found: () => { connectionFound(); changed("world"); changed("views"); changed("place", everyone()); },
  });
}

start();
