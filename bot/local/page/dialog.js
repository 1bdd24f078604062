// Dialogs: the page behind is inert, Tab stays inside, Esc closes, focus goes back to where it came from.

import { freshId, h } from "./dom.js";
import { plain, textString } from "./mrkdwn.js";

const shell = document.getElementById("shell");
const layer = document.getElementById("dialogs");
const open = [];

const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";

function reachable(node) {
  return [...node.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && one.getClientRects().length > 0);
}

function keepInside(event, node) {
  const stops = reachable(node);
  if (!stops.length) return event.preventDefault();
  const place = stops.indexOf(document.activeElement);
  if (event.shiftKey && place <= 0) {
    event.preventDefault();
    stops.at(-1).focus();
  } else if (!event.shiftKey && (place === stops.length - 1 || !node.contains(document.activeElement))) {
    event.preventDefault();
    stops[0].focus();
  }
  return undefined;
}

function settle() {
  shell.inert = open.length > 0;
  open.forEach(({ veil }, place) => { veil.inert = place < open.length - 1; });
  document.body.classList.toggle("has-dialog", open.length > 0);
}

/**
 * Show a node as a modal dialog labelled by `labelledby`. `escape` is called for Esc; `goBack` says where
 * focus goes if the element that had it is no longer on the page. Gives back {close}.
 */
export function openDialog(node, { labelledby, describedby, escape, goBack, className = "" }) {
  const opener = document.activeElement;
  node.setAttribute("role", "dialog");
  node.setAttribute("aria-modal", "true");
  node.setAttribute("aria-labelledby", labelledby);
  if (describedby) node.setAttribute("aria-describedby", describedby);
  const veil = h("div", { class: `veil ${className}` }, node);
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) { event.preventDefault(); event.stopPropagation(); escape(); }
    if (event.key === "Tab") keepInside(event, node);
  });
  const entry = { veil };
  layer.append(veil);
  open.push(entry);
  settle();
  return {
    close() {
      open.splice(open.indexOf(entry), 1);
      veil.remove();
      settle();
      if (opener?.isConnected && opener !== document.body) opener.focus();
      else goBack?.();
    },
  };
}

/** Ask Slack's confirm question; true when the person goes on. */
export function confirmed(question) {
  return new Promise((answer) => {
    const titleId = freshId("confirm");
    const wordsId = freshId("confirm");
    const deny = h("button", { type: "button", class: "button", data: { confirm: "deny" } }, textString(question.deny) || "Cancel");
    const go = h("button", { type: "button", class: question.style === "danger" ? "button danger" : "button primary", data: { confirm: "confirm" } }, textString(question.confirm) || "Yes");
    const node = h("div", { class: "dialog dialog-confirm" },
      h("h2", { id: titleId }, textString(question.title) || "Are you sure?"),
      h("p", { id: wordsId }, plain(textString(question.text))),
      h("div", { class: "dialog-foot" }, deny, go));
    const finish = (result) => { dialog.close(); answer(result); };
    const dialog = openDialog(node, { labelledby: titleId, describedby: wordsId, escape: () => finish(false), className: "veil-confirm" });
    deny.addEventListener("click", () => finish(false));
    go.addEventListener("click", () => finish(true));
    deny.focus();
  });
}

/** Show a few words in a small dialog until they are closed. */
export function tellInDialog(title, words) {
  const titleId = freshId("told");
  const wordsId = freshId("told");
  const shut = h("button", { type: "button", class: "button primary", data: { modal: "told" } }, "Close");
  const node = h("div", { class: "dialog dialog-confirm" },
    h("h2", { id: titleId }, title), h("p", { id: wordsId, class: "told" }, plain(words, false)), h("div", { class: "dialog-foot" }, shut));
  const dialog = openDialog(node, { labelledby: titleId, describedby: wordsId, escape: () => dialog.close(), className: "veil-confirm" });
  shut.addEventListener("click", () => dialog.close());
  shut.focus();
}
