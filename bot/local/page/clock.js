// The workspace's clock and the two buttons that move it on. Time there only goes forward.

import { post } from "./api.js";
import { fill, h } from "./dom.js";
import { announce, attempt } from "./notices.js";
import { tell } from "./signals.js";
import { hourMinute, longDay, zoneName } from "./time.js";
import { present, world } from "./world.js";

const holder = document.getElementById("clock");
const day = h("span", { class: "clock-day" });
const time = h("span", { class: "clock-time" });
const reading = h("time", { class: "clock-reading" }, day, time);
const buttons = [["next-hour", "Next hour"], ["next-working-day", "Next working day"]].map(([to, words]) => h("button", { type: "button", class: "clock-button", data: { clock: to }, on: { click: () => move(to) } }, words));

fill(holder, reading, h("div", { class: "clock-buttons" }, buttons));

/** Show the present. */
export function drawClock() {
  const now = present();
  reading.dateTime = now.toISOString();
  day.textContent = longDay(now);
  time.textContent = `${hourMinute(now)} ${zoneName(now)}`;
  time.title = world.zone;
}

async function move(to) {
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  if (move.busy) return;
  move.busy = true;
  const answer = await attempt(() => post("/workspace/clock", { to }));
  move.busy = false;
  for (const button of buttons) button.removeAttribute("aria-disabled");
  if (!answer) return;
  world.now = answer.now;
  drawClock();
  announce(`The clock now says ${day.textContent}, ${time.textContent}.`);
  tell("moved");
}
