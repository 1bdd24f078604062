// Words to the person about the page itself: polite notices, the connection banner, the screen-reader announcer.

import { Refusal } from "./api.js";
import { fill, h, icon } from "./dom.js";

const notices = document.getElementById("notices");
const connection = document.getElementById("connection");
const announcer = document.getElementById("announcer");

const SHOWN_MS = 9000;

/** Show words politely for a while; kind is "problem" or "news". */
export function notice(words, kind = "news") {
  const node = h("div", { class: `notice notice-${kind}`, role: kind === "problem" ? "alert" : "status" },
    h("p", {}, words),
    h("button", { type: "button", class: "quiet-icon", "aria-label": "Dismiss this notice", on: { click: () => node.remove() } }, icon("close")));
  for (const older of [...notices.children]) if (older.textContent === node.textContent) older.remove();
  notices.append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

/** Do something with the server; a refusal is shown in its own words and gives undefined. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    notice(error.message, "problem");
    return undefined;
  }
}

/** Say something to screen readers without moving anything on the page. */
export function announce(words) {
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = words; }, 60);
}

export function connectionLost() {
  fill(connection, h("strong", {}, "Connection lost."), " Trying again by itself. What you have typed is still here.");
  connection.hidden = false;
  connection.classList.remove("banner-good");
}

export function connectionFound() {
  fill(connection, h("strong", {}, "Connected again."), " Everything is up to date.");
  connection.classList.add("banner-good");
  setTimeout(() => { connection.hidden = connection.classList.contains("banner-good"); }, 4000);
}
