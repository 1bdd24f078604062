"""Questions about finding a time, written short: a week of March 2026 in an invented place, with invented people."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.slots import Attendee, Need, Question, Source
from bot.domain.spans import Span, whole_days
from bot.domain.workdays import Nation, WorkingDays

LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingDays(Nation.ENGLAND_AND_WALES)
HOUR = timedelta(hours=1)


def london(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


def span(day, start, end):
    return Span(london(f"{day} {start}"), london(f"{day} {end}"))


def window(first, last):
    return whole_days(date.fromisoformat(first), date.fromisoformat(last), LONDON)


WEEK = window("2026-03-02", "2026-03-06")  # Monday to Friday


def person(id, agency="", *, over=WEEK, pattern="mon-fri 09:00-17:00", source=Source.OWN_PATTERN, **spans):
    at_work = working_spans(parse_pattern(pattern), over)
    return Attendee(id=id, agency=agency or id, source=source, working=at_work, **spans)


def question(*people, needs=None, over=WEEK, **but):
    needs = needs or tuple(Need(agency=p.agency, any_of=(p.id,)) for p in people)
    asked = {"window": over, "length": HOUR, "days": ENGLAND, "attendees": people, "needs": needs}
    return Question(**{**asked, **but})


def at(options):
    return [f"{o.start.astimezone(LONDON):%a %-d %b %H:%M}" for o in options]
