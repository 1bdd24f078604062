// What can be written in Teams: words that the bot understands, suggested as one types, and the commands of its message
// extension. In a channel the bot hears only what mentions it, so the mention is put in.

import { of, post } from "./api.js";
import { here } from "./route.js";
import { extend } from "./teams_dialog.js";
import { world } from "./world.js";

function fitting(text) {
  const letters = text.match(/^\p{L}+$/u)?.[0].toLowerCase();
  if (!letters) return [];
  return world.teams.commands.filter((one) => one.command.startsWith(letters))
    .map((one) => ({ name: one.command, usage: one.usage, detail: one.description, from: 0 }));
}

/** What the composer needs to know of a conversation in Teams; `isRoom` where others read along. */
export function teamsBox(roomId, isRoom) {
  return {
    id: roomId,
    prompt: `such as ${world.teams.commands.slice(0, 3).map((one) => one.command).join(", ")}`,
    note: isRoom && `@${world.bot.name} is put in front of what you send: in a channel the app hears only what mentions it.`,
    offers: fitting,
    shortcuts: () => world.teams.extensions.filter((one) => one.type === "global")
      .map((one) => ({ words: one.name, detail: "Message extension", data: { callback: one.callback_id }, choose: () => extend(roomId, one.callback_id) })),
    send: (text) => post(of(here.person, "teams", "rooms", roomId, "messages"), { text }),
  };
}
