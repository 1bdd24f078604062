// What is true of the whole workspace: its people, channels, commands and clock, as last told by the server.

import { get } from "./api.js";

export const world = { now: null, zone: "Europe/London", area: null, people: [], channels: [], commands: [], shortcuts: [], switches: {}, bot: { id: "", name: "Convenor" }, teams: null, without_teams: "" };

/** Ask the server for everything again. */
export async function learn() {
  Object.assign(world, await get("/workspace/state"));
  return world;
}

export function person(id) {
  return world.people.find((someone) => someone.id === id);
}

export function nameOf(id) {
  if (id === world.bot.id) return world.bot.name;
  return person(id)?.name || "someone not in this workspace";
}

export function channel(id) {
  return world.channels.find((one) => one.id === id);
}

/** A person's account in Teams, if they have one. */
export function account(id) {
  return world.teams?.accounts[id] || null;
}

/** Whose account in Teams this is, by its id there. */
export function holder(mri) {
  return Object.keys(world.teams?.accounts || {}).find((id) => world.teams.accounts[id].mri === mri);
}

/** Where somebody is first, who has not gone anywhere yet. */
export function firstPlace(someone) {
  if (someone.in_slack) return "home";
  return account(someone.id) ? "teams" : "mail";
}

/** A channel or a group chat of Teams. */
export function teamsRoom(id) {
  return world.teams?.rooms.find((one) => one.id === id);
}

/** People gathered by agency, in the order the server gave them. */
export function agencies() {
  const gathered = new Map();
  for (const someone of world.people) {
    const agency = someone.agency || "Others";
    if (!gathered.has(agency)) gathered.set(agency, []);
    gathered.get(agency).push(someone);
  }
  return gathered;
}

/** The workspace's present as a Date; the clock there is not the clock on the wall. */
export function present() {
  return new Date(world.now || Date.now());
}
