// Dates and times in words, always in the workspace's own zone and British order.

import { present, world } from "./world.js";

const made = new Map();

function formatted(options, instant) {
  const key = JSON.stringify(options) + world.zone;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: world.zone, ...options }));
  return made.get(key).format(instant).replace(/,/g, "").replace(/\bSept\b/, "Sep");
}

export const longDay = (instant) => formatted({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, instant);
export const shortDay = (instant) => formatted({ weekday: "short", day: "numeric", month: "short" }, instant);
export const mediumDay = (instant) => formatted({ day: "numeric", month: "short", year: "numeric" }, instant);
export const plainDay = (instant) => formatted({ day: "numeric", month: "long", year: "numeric" }, instant);
export const weekday = (instant) => formatted({ weekday: "long" }, instant);
export const dayNumber = (instant) => formatted({ day: "numeric", month: "short" }, instant);
export const hourMinute = (instant) => formatted({ hour: "2-digit", minute: "2-digit", hour12: false }, instant);
export const zoneName = (instant) => new Intl.DateTimeFormat("en-GB", { timeZone: world.zone, timeZoneName: "short" })
  .formatToParts(instant).find((part) => part.type === "timeZoneName").value;

/** The calendar day of an instant in the workspace's zone, as YYYY-MM-DD. */
export function isoDay(instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: world.zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

/** Days later (or earlier) than a YYYY-MM-DD day, as YYYY-MM-DD. */
export function dayShifted(day, days) {
  const moved = new Date(`${day}T12:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

/** Noon of a YYYY-MM-DD day, an instant safe to put into words. */
export function noonOf(day) {
  return new Date(`${day}T12:00:00Z`);
}

/** Minutes after midnight, in the workspace's zone. */
export function minutesInto(instant) {
  const [hours, minutes] = hourMinute(instant).split(":").map(Number);
  return (hours % 24) * 60 + minutes;
}

/** Seconds since 1970 of a wall-clock "YYYY-MM-DDTHH:MM" in the workspace's zone. */
export function unixOfWall(wall) {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  let instant = asUtc;
  for (let pass = 0; pass < 2; pass += 1) instant = asUtc - (Date.parse(`${wallOf(instant)}:00Z`) - instant);
  return Math.round(instant / 1000);
}

/** The wall clock "YYYY-MM-DDTHH:MM" of an instant, in the workspace's zone. */
export function wallOf(instant) {
  const date = new Date(instant);
  return `${isoDay(date)}T${hourMinute(date).replace(/^24/, "00")}`;
}

/** "today", "tomorrow", "yesterday" by the workspace's clock, or null. */
export function nearDay(instant) {
  const today = isoDay(present());
  const day = isoDay(instant);
  if (day === today) return "today";
  if (day === dayShifted(today, 1)) return "tomorrow";
  if (day === dayShifted(today, -1)) return "yesterday";
  return null;
}

/** A value as text that also changes with the day where the value tells of one, so that "today" is drawn afresh. */
export function asToday(value) {
  const json = JSON.stringify(value);
  return json.includes("<!date^") ? json + isoDay(present()) : json;
}

/** A heading for a day in a list: Today, Yesterday, or the date in full. */
export function dayHeading(instant) {
  const near = nearDay(instant);
  return near ? `${near[0].toUpperCase()}${near.slice(1)}, ${longDay(instant)}` : longDay(instant);
}

/** When something came, short: the time today, otherwise the day. */
export function briefly(instant) {
  return nearDay(instant) === "today" ? hourMinute(instant) : shortDay(instant);
}

const TOKENS = {
  date_num: isoDay,
  date_slash: (at) => isoDay(at).split("-").reverse().join("/"),
  date: plainDay,
  date_short: mediumDay,
  date_long: longDay,
  date_long_full: longDay,
  time: hourMinute,
  time_secs: hourMinute,
  day_divider_pretty: (at) => nearDay(at) || longDay(at),
  ago: (at) => nearDay(at) || mediumDay(at),
};

/** Slack's `<!date^unix^{tokens}|fallback>` in words; an unknown token gives null, so the fallback is shown. */
export function dateInWords(unix, pattern) {
  const instant = new Date(unix * 1000);
  let known = !Number.isNaN(instant.getTime());
  const words = known && pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    const plain = token.replace(/_pretty$/, "");
    if (TOKENS[token]) return TOKENS[token](instant);
    if (TOKENS[plain]) return nearDay(instant) || TOKENS[plain](instant);
    known = false;
    return whole;
  });
  return known ? words : null;
}
