// Where a person is, kept in the address: #/U0PERSON/place. A place is a channel's id, or one of
// home, messages, mail, calendar, channels. So a reload, the back button and a pasted link all work.

export const here = { person: null, place: null };

export const APP_PLACES = ["home", "messages"];

/** The address of a place, for the person sitting here unless another is named. */
export function hrefOf(place, person = here.person) {
  return `#/${person}/${place}`;
}

/** Take up what the address says; false when it names nobody. */
export function readAddress() {
  const [, person, place] = location.hash.match(/^#\/([^/]+)(?:\/([^/]+))?$/) || [];
  if (!person) return false;
  here.person = person;
  here.place = place || null;
  return true;
}

export function go(place, person = here.person) {
  location.hash = hrefOf(place, person);
}
