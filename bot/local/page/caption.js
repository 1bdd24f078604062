// The guided tour: large words at the foot of the page, and the page following the story from chair to chair.

import { fill, h, icon } from "./dom.js";
import { go } from "./route.js";

const bar = document.getElementById("caption");
const words = h("p", { class: "caption-words", "aria-live": "polite", "aria-atomic": "true" });
const follow = h("input", { type: "checkbox", id: "caption-follow", checked: true });
const away = h("button", { type: "button", class: "caption-close", "aria-label": "Hide the tour captions", on: { click: hide } }, icon("close"));

bar.append(h("div", { class: "caption-inner" }, h("p", { class: "caption-kind" }, "Guided tour"), words,
  h("div", { class: "caption-side" }, h("label", { for: "caption-follow" }, follow, " Follow the story"), away)));

new ResizeObserver(() => {
  document.documentElement.style.setProperty("--caption-height", `${bar.hidden ? 0 : bar.offsetHeight}px`);
}).observe(bar);

function hide() {
  bar.hidden = true;
  document.documentElement.style.setProperty("--caption-height", "0px");
}

/** Show a caption; empty words take the bar away. Goes along to the chair and place it speaks of, if followed. */
export function caption({ text, user, channel, place }) {
  if (!text) return hide();
  bar.hidden = false;
  fill(words, text);
  if (follow.checked && user) go(channel || place || "home", user);
  return undefined;
}
