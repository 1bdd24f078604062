// What can be written in Slack: messages, slash commands suggested after /, people after @, and the app's shortcuts.

import { of, post } from "./api.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { world } from "./world.js";

const OFFERED = 8;

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
  return [{ name: world.bot.name, detail: "App" }, ...world.people.filter((one) => one.in_slack).map((one) => ({ name: one.name, detail: one.chair }))]
    .filter((one) => starts(one.name)).slice(0, OFFERED)
    .map((one) => ({ ...one, name: `@${one.name}`, from: text.length - letters.length - 1 }));
}

/** What the composer needs to know of a conversation in Slack. */
export function slackBox(channelId) {
  const run = async (shortcut) => {
    await attempt(() => post(of(here.person, "shortcut"), { callback_id: shortcut.callback_id, channel: channelId }));
    tell("acted");
  };
  return {
    id: channelId,
    prompt: "or type / for commands",
    offers: fitting,
    shortcuts: () => world.shortcuts.filter((shortcut) => shortcut.type === "global")
      .map((shortcut) => ({ words: shortcut.name, data: { callback: shortcut.callback_id }, choose: () => run(shortcut) })),
    send(text) {
      const [, command, rest] = text.match(/^(\/\S+)\s*([\s\S]*)$/) || [];
      return command
        ? post(of(here.person, "command"), { channel: channelId, command, text: rest })
        : post(of(here.person, "conversations", channelId, "messages"), { text });
    },
  };
}
