// Talking to the local workspace's server. Every failure becomes words for a person.

/** The server said no, or could not be reached; the message may be shown. */
export class Refusal extends Error {}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Refusal("The local workspace cannot be reached. Check that it is still running.");
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(body?.error || `The local workspace could not do that (${answer.status}).`);
  return body ?? {};
}

export function get(path) {
  return ask(path, {});
}

/** Post, and give back the answer even when it says `ok: false` (a form with errors is an answer). */
export function postForAnswer(path, body = {}) {
  return ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Post something that should simply work; `ok: false` is thrown with its words. */
export async function post(path, body = {}) {
  const answer = await postForAnswer(path, body);
  if (answer.ok === false) throw new Refusal(answer.error || "That did not work.");
  return answer;
}

/** The address of something that belongs to one person. */
export function of(user, ...rest) {
  return ["/workspace/people", user, ...rest].map((part, place) => (place ? encodeURIComponent(part) : part)).join("/");
}

/**
 * Listen to the server for ever. Calls `heard(event)` for each event, `lost()` when the line drops
 * and `found()` when it is back. A browser gives up on an error answer; this does not.
 */
export function listen({ heard, lost, found }) {
  let down = false;
  function connect() {
    const source = new EventSource("/workspace/events");
    source.onopen = () => {
      if (down) found();
      down = false;
    };
    source.onmessage = (message) => {
      try {
        heard(JSON.parse(message.data));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    };
    source.onerror = () => {
      if (!down) lost();
      down = true;
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    };
  }
  connect();
}
