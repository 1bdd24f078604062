// A dialog of Teams: one card at a time, its buttons at the foot. It comes back filled anew; what the app wants mended
// then stands under its question, and takes the focus.

import { get, of, post, postForAnswer, Refusal } from "./api.js";
import { Card } from "./card.js";
import { openDialog, tellInDialog } from "./dialog.js";
import { fill, freshId, h, icon } from "./dom.js";
import { announce, attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { account } from "./world.js";

const titleId = freshId("teams-dialog");
const frame = h("div", { class: "dialog dialog-modal" });
const heading = h("h2", { id: titleId, tabindex: "-1" });
const problem = h("p", { class: "modal-problem", role: "alert", hidden: true });
const body = h("div", { class: "dialog-body" });
const foot = h("div", { class: "dialog-foot" });
const form = h("div", { class: "level" },
  h("div", { class: "dialog-head" }, h("div", {}, h("p", { class: "trail" }, "Microsoft Teams"), heading),
    h("button", { type: "button", class: "quiet-icon", "aria-label": "Close", data: { modal: "x" }, on: { click: leave } }, icon("close"))),
  body, foot);
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); foot.querySelector(".card-foot button")?.click(); }
});
frame.append(form);

let dialog = null;
let front = null;
let asked = 0;

/** Say what Teams says in the place of a dialog. */
export function toldByTeams(words) {
  tellInDialog("Microsoft Teams", words);
}

/** A command of the message extension: from the box where one writes or, with `on`, about a message. */
export async function extend(roomId, command, on = "") {
  const answer = await attempt(() => post(of(here.person, "teams", "rooms", roomId, "extension"), { command, on }));
  if (answer?.told) toldByTeams(answer.told);
  tell("acted");
}

async function press(action, inputs) {
  let told = "";
  problem.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await postForAnswer(of(here.person, "teams", "dialog", "submit"), { action, inputs });
    if (answer.ok === false) complain(answer.error);
    else told = answer.told;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(`${error.message} Nothing you typed was lost.`);
  }
  form.removeAttribute("aria-busy");
  tell("acted");
  await refreshTeamsDialog();
  if (told) toldByTeams(told);
}

function complain(words) {
  problem.textContent = words || "That could not be sent. Nothing was lost; try again.";
  problem.hidden = false;
}

async function leave() {
  await attempt(() => post(of(here.person, "teams", "dialog", "close")));
  await refreshTeamsDialog();
}

function take(shown) {
  const key = JSON.stringify([here.person, shown]);
  if (front?.key === key) return;
  const isSame = front?.title === shown.title && front.turn === shown.turn;
  const card = new Card({ press, level: 3, keeps: false });
  card.draw(shown.card);
  const { scrollTop } = body;
  front = { key, title: shown.title, turn: shown.turn, card };
  fill(heading, shown.title || "Form");
  fill(body, card.node);
  fill(foot, problem, h("button", { type: "button", class: "button", data: { modal: "close" }, on: { click: leave } }, "Close"), card.foot);
  problem.hidden = true;
  body.scrollTop = isSame ? scrollTop : 0;
  if (!dialog) dialog = openDialog(frame, { labelledby: titleId, escape: leave, goBack: () => document.getElementById("main").focus() });
  const [first] = [...card.mended, ...card.warnings];
  if (isSame) heading.focus({ preventScroll: true });
  else if (first) {
    announce(card.warnings[0]?.textContent || "One answer needs attention.");
    first.focus();
    first.closest(".card-element")?.scrollIntoView({ block: "nearest" });
  } else {
    announce(shown.title);
    heading.focus();
  }
}

/** Ask for this person's dialog in Teams, and show it. */
export async function refreshTeamsDialog() {
  asked += 1;
  const mine = asked;
  const { person } = here;
  const answer = account(person) ? await attempt(() => get(of(person, "teams", "dialog"))) : { dialog: null };
  if (!answer || mine !== asked || person !== here.person) return;
  if (answer.dialog) take(answer.dialog);
  else if (dialog) {
    dialog.close();
    dialog = null;
    front = null;
    fill(body);
  }
}
