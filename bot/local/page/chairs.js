// Who is sitting here: a list of chairs where there is room, a select where there is not.

import { fill, freshId, h, portrait, unseen } from "./dom.js";
import { go, here, hrefOf, SLACK_PLACES, TEAMS_PLACES } from "./route.js";
import { account, agencies, channel, firstPlace, person, teamsRoom } from "./world.js";

const list = document.getElementById("chairs");
const chooser = document.getElementById("chooser");

/** How many things wait for a person: unread messages and letters. */
function waiting(sidebar) {
  if (!sidebar) return 0;
  const unread = (places) => (places || []).reduce((sum, one) => sum + (one.unread || 0), 0);
  return unread(sidebar.channels) + (sidebar.dm?.unread || 0) + unread(sidebar.teams?.rooms) + (sidebar.teams?.chat.unread || 0) + (sidebar.mail_unread || 0);
}

export function badge(count, words = "unread") {
  return count > 0 ? h("span", { class: "badge" }, count > 99 ? "99+" : String(count), unseen(` ${words}`)) : null;
}

/** The place to keep when someone else sits down: the same kind, if they have it. */
function placeFor(someone) {
  if (["mail", "calendar"].includes(here.place)) return here.place;
  if (SLACK_PLACES.includes(here.place) && someone.in_slack) return here.place;
  if (TEAMS_PLACES.includes(here.place) && account(someone.id)) return here.place;
  const member = (channel(here.place) || teamsRoom(here.place))?.members.includes(someone.id);
  return member ? here.place : firstPlace(someone);
}

function chairLink(someone, sidebar) {
  const current = someone.id === here.person;
  return h("li", {}, h("a", { class: "chair", href: hrefOf(placeFor(someone), someone.id), "aria-current": current ? "true" : null, data: { person: someone.id } },
    portrait(someone.id, someone.name),
    h("span", { class: "chair-words" }, h("span", { class: "chair-name" }, someone.name), h("span", { class: "chair-role" }, someone.chair || someone.title)),
    !current && badge(waiting(sidebar), "waiting")));
}

/** Draw both forms; `sidebars` are the counts by person id. */
export function drawChairs(sidebars) {
  const had = list.contains(document.activeElement) && document.activeElement.dataset.person;
  const first = !list.hasChildNodes();
  fill(list, h("h2", { class: "rail-title" }, "Sit in a chair"),
    [...agencies()].map(([agency, people]) => {
      const id = freshId("agency");
      return h("div", { class: "agency" }, h("h3", { id }, agency), h("ul", { "aria-labelledby": id }, people.map((someone) => chairLink(someone, sidebars.get(someone.id)))));
    }));
  if (had) [...list.querySelectorAll("a")].find((chair) => chair.dataset.person === had)?.focus();
  if (first) list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  drawChooser(sidebars);
}

function optionFor(someone, sidebars) {
  const count = someone.id === here.person ? 0 : waiting(sidebars.get(someone.id));
  return h("option", { value: someone.id }, `${someone.name}, ${someone.chair || someone.title}${count ? ` (${count})` : ""}`);
}

function drawChooser(sidebars) {
  const options = [...agencies()].map(([agency, people]) => h("optgroup", { label: agency }, people.map((someone) => optionFor(someone, sidebars))));
  let field = chooser.querySelector("select");
  if (!field) {
    field = h("select", { id: "chair-select", class: "chair-select", on: { change: () => { const someone = person(field.value); go(placeFor(someone), someone.id); } } });
    chooser.replaceChildren(h("label", { for: "chair-select" }, "Sitting as"), field);
  }
  if (document.activeElement === field && field.options.length) return;
  fill(field, options);
  field.value = here.person;
}

export function syncChooser() {
  const field = chooser.querySelector("select");
  if (field) field.value = here.person;
}
