// A conversation on either platform: what was said, and the composer below it.

import { get } from "./api.js";
import { composer } from "./composer.js";
import { arrange, h } from "./dom.js";
import { announce, attempt } from "./notices.js";
import { here } from "./route.js";
import { dayHeading, isoDay } from "./time.js";

const NEAR_END = 160;

function scrollerOf(node) {
  return getComputedStyle(node).overflowY === "auto" ? node : document.scrollingElement;
}

/**
 * Show a conversation inside `main` below `head`. `address` gives its messages, `cardOf(message)` draws one as {node, update},
 * `box` is what the composer needs to know. Gives back {refresh, placeId, reveal}.
 */
export function openConversation(main, { name, head, empty, address, cardOf, box }) {
  const { person } = here;
  const cards = new Map();
  const dividers = new Map();
  const stream = h("div", { class: "stream" });
  const nothing = h("p", { class: "empty" }, empty);
  const jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => toEnd(true) } }, "New messages below");
  const scroll = h("div", { class: "scroll" }, nothing, stream);
  const write = composer(box, name, () => refresh({ follow: true }));
  let asked = 0;
  let known = null;

  nothing.hidden = true;
  main.replaceChildren(head, scroll, jump, write.node);

  function toEnd(smooth) {
    const scroller = scrollerOf(scroll);
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant" });
    jump.hidden = true;
  }
  function nearEnd() {
    const scroller = scrollerOf(scroll);
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  }
  function scrolled() {
    if (!scroll.isConnected) removeEventListener("scroll", scrolled, true);
    else if (nearEnd()) jump.hidden = true;
  }
  addEventListener("scroll", scrolled, true);

  function divider(at) {
    const day = isoDay(at);
    if (!dividers.has(day)) dividers.set(day, h("h3", { class: "day" }, h("span", {})));
    const node = dividers.get(day);
    node.firstChild.textContent = dayHeading(at);
    return node;
  }
  function draw(messages) {
    const nodes = [];
    let day = null;
    for (const message of messages) {
      const at = new Date(message.at);
      if (isoDay(at) !== day) nodes.push(divider(at));
      day = isoDay(at);
      const card = cards.get(message.ts) || cardOf(message);
      cards.set(message.ts, card);
      card.update(message);
      nodes.push(card.node);
    }
    const held = new Set(messages.map((message) => message.ts));
    for (const ts of [...cards.keys()]) if (!held.has(ts)) cards.delete(ts);
    arrange(stream, nodes);
    nothing.hidden = messages.length > 0;
  }
  function tellNews(messages) {
    const fresh = messages.filter((message) => !known.has(message.ts) && message.user !== person);
    if (!fresh.length) return false;
    const last = fresh.at(-1);
    const words = (last.text || last.card?.fallbackText || "").replace(/[*_~`<>]/g, " ").slice(0, 160);
    announce(fresh.length === 1 ? `New message from ${last.user_name} in ${name}: ${words}` : `${fresh.length} new messages in ${name}. The last, from ${last.user_name}: ${words}`);
    return true;
  }
  async function refresh({ follow = false } = {}) {
    asked += 1;
    const mine = asked;
    const answer = await attempt(() => get(address));
    if (!answer || mine !== asked || !scroll.isConnected) return;
    const first = known === null;
    const stay = !first && !follow && !nearEnd();
    draw(answer.messages);
    const news = !first && tellNews(answer.messages);
    known = new Set(answer.messages.map((message) => message.ts));
    if (!stay) toEnd(false);
    else if (news) jump.hidden = false;
  }
  /** Bring one message into view and let reading go on from it. */
  function reveal(ts) {
    const card = ts && cards.get(ts);
    if (!card) return;
    card.node.scrollIntoView({ block: "center" });
    card.node.focus({ preventScroll: true });
  }
  return { refresh, placeId: box.id, reveal };
}
