// A week of one person's calendar, as their e-mailed invitations have it.

import { get, of } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { imageToOpen } from "./elements.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { dayNumber, dayShifted, hourMinute, isoDay, minutesInto, noonOf, plainDay, weekday } from "./time.js";
import { present } from "./world.js";

const NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const EARLIEST = 8;
const LATEST = 18;
const BRIEF = 30;

function mondayOf(day) {
  const number = (noonOf(day).getUTCDay() + 6) % 7;
  return dayShifted(day, -number);
}

function minutes(clock) {
  const [hour, minute] = clock.split(":").map(Number);
  return hour * 60 + (minute || 0);
}

/** Working hours of one day; the server may name it by date, by weekday or by its number from Monday. */
function hoursOn(hours, day, place) {
  const names = [day, NAMES[place], NAMES[place].slice(0, 3), String(place)];
  return (hours || []).filter((one) => names.includes(String(one.day).toLowerCase()));
}

/** Side-by-side places for entries that overlap. */
function lanes(entries) {
  const ends = [];
  const placed = entries.map((entry) => {
    let lane = ends.findIndex((end) => end <= entry.from);
    if (lane < 0) lane = ends.length;
    ends[lane] = entry.to;
    return { ...entry, lane };
  });
  return { placed, width: Math.max(ends.length, 1) };
}

/** A meeting in the week; a `brief` one has room for a line of each. */
function entryNode(entry, brief) {
  const cancelled = entry.status === "cancelled";
  const own = entry.status === "own";
  const at = `${hourMinute(new Date(entry.start))} to ${hourMinute(new Date(entry.end))}`;
  return h("li", { class: `entry ${cancelled ? "entry-cancelled" : ""} ${own ? "entry-own" : ""} ${brief ? "entry-brief" : ""}`, title: `${cancelled ? "Cancelled: " : ""}${entry.summary}, ${at}`, data: { uid: entry.uid } },
    h("span", { class: "entry-time" }, at),
    cancelled && h("strong", { class: "entry-word" }, "Cancelled"),
    own && h("em", { class: "entry-whose" }, "Own entry"),
    h("span", { class: "entry-title" }, cancelled ? h("s", {}, entry.summary) : entry.summary));
}

/** Show the calendar inside `main` below `head`. */
export function openCalendar(main, head) {
  const { person } = here;
  let week = mondayOf(isoDay(present()));
  let asked = 0;
  const title = h("h3", { class: "week-title", "aria-live": "polite" });
  const grid = h("div", { class: "week" });
  const none = h("p", { class: "empty" });
  const turn = (label, days, drawing) => h("button", { type: "button", class: "button icon-button", "aria-label": label, title: label, on: { click: () => { week = days ? dayShifted(week, days) : mondayOf(isoDay(present())); refresh(); } } }, drawing);
  const bar = h("div", { class: "week-bar" }, title, h("div", { class: "week-turns" }, turn("Previous week", -7, icon("back")), h("button", { type: "button", class: "button", on: { click: () => { week = mondayOf(isoDay(present())); refresh(); } } }, "Today"), turn("Next week", 7, icon("forward"))));
  const found = h("div", { class: "found", hidden: true });
  main.replaceChildren(head, h("div", { class: "scroll" }, h("div", { class: "calendar" }, found, bar, none, grid)));
  let pictured = null;

  /** The times found, as the picture that was sent in chat shows them; nothing of it is booked. */
  function showFound(answer) {
    const json = JSON.stringify(answer);
    if (json === pictured) return;
    pictured = json;
    found.hidden = !answer;
    const at = answer && new Date(answer.at);
    fill(found, answer && h("details", { open: true },
      h("summary", {}, `Times found, as they stood on ${plainDay(at)} at ${hourMinute(at)}`),
      answer.blocks.map((block) => imageToOpen(block, "Open the image"))));
  }

  function column(answer, day, place, first, last) {
    const today = isoDay(present());
    const working = hoursOn(answer.hours, day, place);
    const entries = answer.entries.filter((entry) => isoDay(new Date(entry.start)) === day)
      .map((entry) => {
        const from = minutesInto(new Date(entry.start));
        return { entry, from, to: isoDay(new Date(entry.end)) === day ? Math.max(minutesInto(new Date(entry.end)), from + 15) : 24 * 60 };
      })
      .sort((one, other) => one.from - other.from);
    const { placed, width } = lanes(entries);
    const whole = last - first;
    const share = (amount) => `${(100 * amount) / whole}%`;
    const track = h("ol", { class: "entries" }, placed.map(({ entry, from, to, lane }) => {
      const node = entryNode(entry, to - from <= BRIEF);
      node.style.setProperty("--top", share(from - first));
      node.style.setProperty("--height", share(to - from));
      node.style.setProperty("--left", `${(100 * lane) / width}%`);
      node.style.setProperty("--width", `${100 / width}%`);
      return node;
    }));
    const shades = working.map((one) => {
      const node = h("div", { class: "working", "aria-hidden": "true" });
      node.style.setProperty("--top", share(Math.max(minutes(one.from), first) - first));
      node.style.setProperty("--height", share(Math.min(minutes(one.to), last) - Math.max(minutes(one.from), first)));
      return node;
    });
    const hoursSaid = working.length ? `Works ${working.map((one) => `${one.from} to ${one.to}`).join(" and ")}` : "Not a working day";
    return h("section", { class: `day-column ${day === today ? "day-today" : ""} ${entries.length ? "" : "day-free"}`, "aria-label": `${weekday(noonOf(day))} ${plainDay(noonOf(day))}` },
      h("h4", {}, h("span", { class: "day-name" }, weekday(noonOf(day))), h("span", { class: "day-number" }, dayNumber(noonOf(day)), day === today && h("span", { class: "day-mark" }, "today"))),
      h("p", { class: "day-hours" }, hoursSaid),
      h("div", { class: "track" }, shades, track, !entries.length && h("p", { class: "day-empty" }, "Nothing booked")));
  }

  async function refresh() {
    asked += 1;
    const mine = asked;
    const answer = await attempt(() => get(`${of(person, "calendar")}?week=${week}`));
    if (!answer || mine !== asked || !grid.isConnected) return;
    showFound(answer.found);
    const days = NAMES.map((_, place) => dayShifted(week, place));
    const shown = days.filter((day, place) => place < 5 || hoursOn(answer.hours, day, place).length || answer.entries.some((entry) => isoDay(new Date(entry.start)) === day));
    const times = answer.entries.flatMap((entry) => [minutesInto(new Date(entry.start)), minutesInto(new Date(entry.end))]);
    const first = Math.min(EARLIEST * 60, ...times.map((time) => Math.floor(time / 60) * 60), ...(answer.hours || []).map((one) => Math.floor(minutes(one.from) / 60) * 60));
    const last = Math.max(LATEST * 60, ...times.map((time) => Math.ceil(time / 60) * 60), ...(answer.hours || []).map((one) => Math.ceil(minutes(one.to) / 60) * 60));
    title.textContent = `Week of ${plainDay(noonOf(week))}`;
    none.textContent = answer.entries.length ? "" : "No meetings this week. A booked meeting arrives as an invitation by e-mail and then stands here.";
    none.hidden = answer.entries.length > 0;
    const rule = h("div", { class: "hours", "aria-hidden": "true" });
    for (let hour = first / 60; hour < last / 60; hour += 1) rule.append(h("span", {}, `${String(hour).padStart(2, "0")}:00`));
    grid.style.setProperty("--days", String(shown.length));
    grid.style.setProperty("--hours", String((last - first) / 60));
    fill(grid, rule, shown.map((day) => column(answer, day, days.indexOf(day), first, last)));
  }
  return { refresh };
}
