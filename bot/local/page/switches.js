// Switches that make the workspace behave as a bad day does, tucked away in "Make it hard".

import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { attempt } from "./notices.js";
import { world } from "./world.js";

const SWITCHES = [
  ["rate_limit", "Refuse when busy", "Slack and Teams answer some posts with “too many, wait”."],
  ["duplicates", "Deliver twice", "Every press and event is delivered a second time."],
  ["late", "Deliver late", "Presses and events arrive after a pause."],
];

const boxes = new Map();

/** Build the disclosure inside `holder`. */
export function buildSwitches(holder) {
  const rows = SWITCHES.map(([name, words, detail]) => {
    const box = h("input", { type: "checkbox", id: `switch-${name}`, "aria-describedby": `switch-${name}-detail`, data: { switch: name }, on: { change: () => set(name, box) } });
    boxes.set(name, box);
    return h("div", { class: "tick" }, box, h("label", { for: box.id }, words), h("span", { class: "tick-detail", id: `switch-${name}-detail` }, detail));
  });
  const summary = h("summary", {}, icon("sliders"), h("span", { class: "hard-words" }, "Make it hard"));
  const details = h("details", { class: "hard" }, summary, h("div", { class: "hard-panel" }, h("p", {}, "See what Convenor does on a bad day."), rows));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", (event) => { if (!details.contains(event.target)) details.open = false; });
  details.addEventListener("focusout", (event) => { if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false; });
  holder.replaceChildren(details);
  drawSwitches();
}

export function drawSwitches() {
  let on = 0;
  for (const [name, box] of boxes) {
    box.checked = Boolean(world.switches?.[name]);
    if (box.checked) on += 1;
  }
  document.querySelector(".hard")?.classList.toggle("hard-on", on > 0);
}

async function set(name, box) {
  const done = await attempt(() => post("/workspace/switches", { [name]: box.checked }));
  if (!done) box.checked = !box.checked;
  else world.switches = { ...world.switches, [name]: box.checked };
  drawSwitches();
}
