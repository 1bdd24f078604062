// Small announcements between parts of the page that should not know each other.

const listeners = new Map();

export function when(name, listener) {
  listeners.set(name, [...(listeners.get(name) || []), listener]);
}

export function tell(name, ...details) {
  for (const listener of listeners.get(name) || []) listener(...details);
}
