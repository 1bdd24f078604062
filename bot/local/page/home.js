// App Home: the view Convenor publishes for this person.

import { get, of, post } from "./api.js";
import { fill, h } from "./dom.js";
import { attempt } from "./notices.js";
import { here } from "./route.js";
import { Surface } from "./surface.js";

/** Show Home inside `main` below `head`. */
export function openHome(main, head) {
  const { person } = here;
  const surface = new Surface({ type: "home" });
  const paper = h("div", { class: "home-paper" }, h("p", { class: "empty" }, "Opening Home."));
  let asked = 0;
  main.replaceChildren(head, h("div", { class: "scroll" }, h("div", { class: "home", tabindex: "-1" }, paper)));

  async function refresh() {
    asked += 1;
    const mine = asked;
    const answer = await attempt(() => get(of(person, "home")));
    if (!answer || mine !== asked || !paper.isConnected) return;
    if (!answer.view) {
      fill(paper, h("p", { class: "empty" }, "Nothing on Home yet. Convenor puts your cases, drafts and actions here."));
      return;
    }
    surface.draw(answer.view.blocks, answer.view.state?.values);
    if (surface.node.parentElement !== paper) fill(paper, surface.node);
  }
  attempt(() => post(of(person, "home", "open"))).then(refresh);
  return { refresh };
}
