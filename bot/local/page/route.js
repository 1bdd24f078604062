// Where a person is, kept in the address: #/U0PERSON/place, and in a channel perhaps /ts of a message.
// A place is the id of a channel in Slack or Teams, or one of home, messages, mail, calendar, channels, teams (the
// chat with the app there) and teams-places. So a reload, the back button and a pasted link all work. Permalinks as Slack makes them (/archives/C0.../p...) are understood.

export const here = { person: null, place: null, message: null };

export const APP_PLACES = ["home", "messages"];
export const SLACK_PLACES = [...APP_PLACES, "channels"];
export const TEAMS_PLACES = ["teams", "teams-places"];

/** The address of a place, for the person sitting here unless another is named. */
export function hrefOf(place, person = here.person) {
  return `#/${person}/${place}`;
}

/** Take up what the address says; false when it names nobody. */
export function readAddress() {
  const [, person, place, message] = location.hash.match(/^#\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/) || [];
  if (!person) return false;
  here.person = person;
  here.place = place || null;
  here.message = message || null;
  return true;
}

/** The channel and message of a permalink's path, or null. */
export function permalink(path) {
  const [, channel, seconds, rest] = path.match(/^\/archives\/([^/]+)(?:\/p(\d{10})(\d{6}))?$/) || [];
  return channel ? { channel, message: seconds ? `${seconds}.${rest}` : null } : null;
}

export function go(place, person = here.person) {
  location.hash = hrefOf(place, person);
}
