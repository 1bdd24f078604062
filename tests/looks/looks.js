// Draws one thing on the stage with the workspace page's own code.

import { Surface } from "/surface.js";
import { Card } from "/card.js";
import { fill, h } from "/dom.js";
import { mrkdwn, textString } from "/mrkdwn.js";
const stage = document.getElementById("stage");
const framed = (title, body, foot) => h("div", { class: "dialog dialog-modal" },
  h("div", { class: "dialog-head" }, h("h2", {}, title)), h("div", { class: "dialog-body" }, body),
  h("div", { class: "dialog-foot" }, foot));
const blocks = (view, level) => { const one = new Surface({ type: "view" }, { level }); one.draw(view.blocks); return one.node; };
const button = (words, kind = "") => h("button", { class: `button ${kind}`, type: "button" }, words);
const card = (given) => { const one = new Card({ press() {}, level: 4 }); one.draw(given); return one; };
const DRAW = {
  "slack-modal": (view) => framed(textString(view.title), blocks(view, 3),
    [button(textString(view.close) || "Close"), view.submit && button(textString(view.submit), "primary")].filter(Boolean)),
  "slack-home": (view) => blocks(view, 3),
  "slack-message": (said) => (said.blocks?.length ? blocks(said, 4) : h("div", { class: "words" }, mrkdwn(said.text))),
  "teams-card": (said) => { const one = card(said.card); return h("div", {}, said.text && h("p", {}, said.text), h("div", { class: "card" }, one.node, one.foot)); },
  "teams-dialog": (shown) => { const one = card(shown.card.content); return framed(shown.title, one.node, [one.foot]); },
  text: (said) => h("pre", {}, said),
};
window.draw = (how, what) => { fill(stage, DRAW[how](what)); };
window.ready = true;
