// A person's e-mail: the list, the letter, and an invitation card where the letter carries one.

import { get, of, post } from "./api.js";
import { fill, h, unseen } from "./dom.js";
import { link } from "./mrkdwn.js";
import { announce, attempt } from "./notices.js";
import { here } from "./route.js";
import { tell } from "./signals.js";
import { briefly, hourMinute, isoDay, longDay, unixOfWall, wallOf, zoneName } from "./time.js";

function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((piece, place) => (place % 2 ? link(piece) : piece));
}

function span(start, end) {
  const from = new Date(start);
  const to = end && new Date(end);
  if (!to) return `${longDay(from)}, ${hourMinute(from)} ${zoneName(from)}`;
  if (isoDay(from) === isoDay(to)) return `${longDay(from)}, ${hourMinute(from)} to ${hourMinute(to)} ${zoneName(from)}`;
  return `${longDay(from)} ${hourMinute(from)} to ${longDay(to)} ${hourMinute(to)} ${zoneName(to)}`;
}

function kindOf(invitation) {
  if (invitation.method === "CANCEL" || /cancelled/i.test(invitation.status || "")) return ["Cancelled", "invitation-cancelled"];
  if (invitation.sequence > 0) return ["Changed invitation", "invitation-changed"];
  return ["Invitation", ""];
}

function invitationCard(invitation) {
  const [kind, style] = kindOf(invitation);
  const cancelled = kind === "Cancelled";
  const row = (term, said) => said && [h("dt", {}, term), h("dd", {}, said)];
  return h("section", { class: `invitation ${style}`, "aria-label": kind },
    h("p", { class: "invitation-kind" }, kind),
    h("h3", {}, cancelled ? h("s", {}, invitation.summary) : invitation.summary),
    h("dl", {}, row("When", span(invitation.start, invitation.end)), ...(invitation.location ? [row("Where", linked(invitation.location))] : []),
      row("Status", cancelled ? "Cancelled. Nothing to attend." : (invitation.status || "confirmed").toLowerCase().replace(/^./, (letter) => letter.toUpperCase()))));
}

/** What a mail program offers below an invitation; `send(answer, start)` sends the reply. */
function answers(message, send) {
  const { invitation } = message;
  if (!invitation.organizer || kindOf(invitation)[0] === "Cancelled") return null;
  const press = (answer, label, style = "button") => h("button", { type: "button", class: style, on: { click: () => send(answer) } }, label);
  const begins = h("input", { type: "datetime-local", name: "start", required: true, value: wallOf(invitation.start) });
  const propose = h("details", {}, h("summary", {}, "Propose another time"),
    h("form", { class: "actions", on: { submit: (event) => { event.preventDefault(); send("counter", new Date(unixOfWall(begins.value) * 1000).toISOString()); } } },
      h("label", {}, "Begins, in London’s time ", begins), h("button", { type: "submit", class: "button" }, "Send the proposal")));
  return h("div", { role: "group", "aria-label": "Answer this invitation" },
    h("p", { class: "letter-answered" }, message.answered ? h("strong", {}, `You answered by e-mail: ${message.answered}.`) : "Not answered by e-mail yet."),
    h("div", { class: "actions" }, press("accepted", "Accept", "button primary"), press("tentative", "Tentative"), press("declined", "Decline")),
    propose);
}

/** Show the inbox inside `main` below `head`. */
export function openMail(main, head) {
  const { person } = here;
  const list = h("ul", { class: "letters", "aria-label": "Letters" });
  const letter = h("div", { class: "letter", tabindex: "-1" });
  const desk = h("div", { class: "desk" }, list, letter);
  let messages = [];
  let chosen = null;
  let asked = 0;
  let known = null;
  let drawn = null;
  main.replaceChildren(head, h("div", { class: "scroll scroll-desk" }, desk));

  function drawList() {
    if (!messages.length) return fill(list, h("li", { class: "empty" }, "No e-mail yet. Invitations and letters from Convenor arrive here."));
    const had = list.contains(document.activeElement) && document.activeElement.dataset.letter;
    fill(list, messages.map((one) => h("li", {}, h("button", { type: "button", class: one.read ? "letter-row" : "letter-row letter-unread", "aria-current": one.id === chosen ? "true" : null, data: { letter: String(one.id) }, on: { click: () => choose(one.id, true) } },
      h("span", { class: "letter-row-top" }, h("span", { class: "letter-from" }, one.from), h("time", { datetime: one.at }, briefly(new Date(one.at)))),
      h("span", { class: "letter-subject" }, !one.read && unseen("Unread: "), one.subject)))));
    if (had) [...list.querySelectorAll("button")].find((row) => row.dataset.letter === had)?.focus();
    return undefined;
  }
  function drawLetter() {
    const one = messages.find((message) => message.id === chosen);
    desk.classList.toggle("desk-reading", Boolean(one));
    const looks = one && JSON.stringify({ ...one, read: true });
    if (one && looks === drawn) return undefined; // what is being typed below an invitation outlives the news of other letters
    drawn = looks;
    if (!one) return fill(letter, messages.length > 0 && h("p", { class: "empty" }, "Choose a letter to read it."));
    return fill(letter,
      h("button", { type: "button", class: "button letter-back", on: { click: back } }, "Back to the list"),
      h("h3", { class: "letter-title" }, one.subject),
      h("p", { class: "letter-meta" }, "From ", h("strong", {}, one.from), " ", h("time", { datetime: one.at }, `${longDay(new Date(one.at))}, ${hourMinute(new Date(one.at))}`)),
      one.invitation && invitationCard(one.invitation),
      one.invitation && answers(one, (answer, start) => reply(one.id, answer, start)),
      h("div", { class: "letter-text" }, linked((one.text || "").trim())));
  }
  function back() {
    const row = chosen;
    chosen = null;
    drawList();
    drawLetter();
    [...list.querySelectorAll("button")].find((button) => button.dataset.letter === String(row))?.focus();
  }
  async function choose(id, move) {
    chosen = id;
    const one = messages.find((message) => message.id === id);
    const wasRead = one.read;
    one.read = true;
    drawList();
    drawLetter();
    if (move) letter.focus({ preventScroll: true });
    if (!wasRead && await attempt(() => post(of(person, "mail", String(id), "read")))) tell("counts");
  }
  async function reply(id, answer, start) {
    if (!await attempt(() => post(of(person, "mail", String(id), "reply"), { answer, start }))) return;
    await refresh();
    letter.focus({ preventScroll: true });
    announce("Your answer was sent by e-mail.");
  }
  async function refresh() {
    asked += 1;
    const mine = asked;
    const answer = await attempt(() => get(of(person, "mail")));
    if (!answer || mine !== asked || !desk.isConnected) return;
    messages = [...answer.messages].sort((one, other) => other.at.localeCompare(one.at));
    const fresh = known && messages.filter((message) => !known.has(message.id));
    if (fresh?.length) announce(`New e-mail: ${fresh[0].subject}`);
    known = new Set(messages.map((message) => message.id));
    drawList();
    drawLetter();
  }
  return { refresh };
}
