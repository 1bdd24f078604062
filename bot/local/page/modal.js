// The modal: a stack of views with the top one shown. A view drawn again keeps its focus and what was typed.

import { get, of, post, postForAnswer, Refusal } from "./api.js";
import { openDialog } from "./dialog.js";
import { fill, freshId, h, icon } from "./dom.js";
import { textString } from "./mrkdwn.js";
import { announce, attempt } from "./notices.js";
import { here } from "./route.js";
import { Surface } from "./surface.js";

let dialog = null;
let levels = [];
let asked = 0;

const frame = h("div", { class: "dialog dialog-modal" });
const titleId = freshId("modal-title");

function makeLevel(view) {
  const surface = new Surface({ type: "view", view_id: view.id });
  const level = { id: view.id, view, surface, title: null, busy: false };
  level.heading = h("h2", { tabindex: "-1" });
  level.trail = h("p", { class: "trail" });
  level.problem = h("p", { class: "modal-problem", role: "alert", hidden: true });
  level.submit = h("button", { type: "submit", class: "button primary", data: { modal: "submit" } });
  level.close = h("button", { type: "button", class: "button", data: { modal: "close" }, on: { click: () => leave(level) } });
  level.body = h("div", { class: "dialog-body" }, surface.node);
  level.node = h("form", { class: "level", novalidate: true, autocomplete: "off" },
    h("div", { class: "dialog-head" }, h("div", {}, level.trail, level.heading),
      h("button", { type: "button", class: "quiet-icon", "aria-label": "Close", data: { modal: "x" }, on: { click: () => leave(level) } }, icon("close"))),
    level.body, h("div", { class: "dialog-foot" }, level.problem, level.close, level.submit));
  level.node.addEventListener("submit", (event) => { event.preventDefault(); submit(level); });
  level.node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); level.node.requestSubmit(); }
  });
  return level;
}

function drawLevel(level, view, below) {
  const before = level.view;
  level.view = view;
  fill(level.heading, textString(view.title) || "Form");
  fill(level.trail, below ? `Step within: ${textString(below.title)}` : "");
  level.trail.hidden = !below;
  fill(level.close, textString(view.close) || (below ? "Back" : "Close"));
  const hasInput = (view.blocks || []).some((block) => block.type === "input");
  level.submit.hidden = !view.submit && !hasInput;
  fill(level.submit, textString(view.submit) || "Submit");
  level.node.dataset.callbackId = view.callback_id || "";
  level.surface.draw(view.blocks, view.state?.values);
  return isNewPage(before, view);
}

/** Whether a redrawn view is a different page of its form: another title or opening words, or not one question kept. */
function isNewPage(before, after) {
  const opening = (view) => JSON.stringify([view.title?.text, view.blocks?.[0]?.text ?? view.blocks?.[0]?.elements]);
  const questions = (view) => (view.blocks || []).filter((block) => block.type === "input").map((block) => block.block_id);
  const known = new Set(questions(before));
  const now = questions(after);
  if (now.some((id) => known.has(id))) return false;
  return opening(before) !== opening(after) || (known.size > 0 && now.length > 0);
}

function firstStop(level) {
  const blocks = level.view.blocks || [];
  const wanted = blocks.find((block) => block.element?.focus_on_load) || (blocks[0]?.type === "input" ? blocks[0] : null);
  return level.surface.fields.get(wanted?.block_id)?.control.target || level.heading;
}

function problem(level, words) {
  level.problem.textContent = words || "";
  level.problem.hidden = !words;
}

function busy(level, is) {
  level.busy = is;
  level.node.setAttribute("aria-busy", String(is));
  level.submit.setAttribute("aria-disabled", String(is));
}

async function submit(level) {
  if (level.busy) return;
  problem(level, null);
  const own = level.surface.problems();
  const missed = level.surface.showErrors(own);
  if (missed) return say(missed);
  busy(level, true);
  try {
    const answer = await postForAnswer(of(here.person, "views", level.id, "submit"), { state: level.surface.read() });
    if (answer.errors) refused(level, answer.errors);
    else if (answer.ok === false) problem(level, answer.error || "That could not be sent. Nothing was lost; try again.");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problem(level, `${error.message} Nothing you typed was lost.`);
  }
  busy(level, false);
  return refreshViews();
}

function refused(level, errors) {
  const shown = level.surface.showErrors(errors);
  const homeless = Object.entries(errors).filter(([blockId]) => !level.surface.fields.has(blockId)).map(([, words]) => words);
  if (homeless.length) problem(level, homeless.join(" "));
  say(shown + homeless.length);
}

function say(count) {
  announce(count === 1 ? "One answer needs attention." : `${count} answers need attention.`);
}

async function leave(level) {
  await attempt(() => post(of(here.person, "views", level.id, "close")));
  await refreshViews();
}

function show(stack) {
  const top = stack.at(-1);
  const topBefore = levels.at(-1);
  levels = stack.map((view) => levels.find((level) => level.id === view.id && level.surface.person === here.person) || makeLevel(view));
  const changed = levels.map((level, place) => drawLevel(level, stack[place], stack[place - 1]));
  if (!top) {
    dialog?.close();
    dialog = null;
    return frame.replaceChildren();
  }
  const level = levels.at(-1);
  const isNew = level !== topBefore;
  if (topBefore && isNew) topBefore.left = topBefore.node.contains(document.activeElement) ? document.activeElement : null;
  if (isNew) {
    topBefore?.heading.removeAttribute("id");
    frame.replaceChildren(level.node);
    level.heading.id = titleId;
  }
  if (!dialog) dialog = openDialog(frame, { labelledby: titleId, escape: () => leave(levels.at(-1)), goBack: () => document.getElementById("main").focus() });
  if (isNew) (level.left?.isConnected ? level.left : firstStop(level)).focus();
  else if (changed.at(-1)) {
    announce(level.heading.textContent);
    level.body.scrollTop = 0;
    firstStop(level).focus();
  } else if (!frame.contains(document.activeElement)) level.heading.focus({ preventScroll: true });
  return undefined;
}

/** Ask for this person's open views and show the top one. */
export async function refreshViews() {
  asked += 1;
  const mine = asked;
  const { person } = here;
  const answer = await attempt(() => get(of(person, "views")));
  if (answer && mine === asked && person === here.person) show(answer.stack || []);
}
