"""The parts of a case's file that tell what was followed up: reviews, professional concerns, linked cases."""

from datetime import date

from bot.domain.area import Practice
from bot.domain.dispute import KIND_WORDS, STATE_WORDS
from bot.storage.followup_tables import DecisionReviewRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Work
from bot.usecases.looks.reviews import ratings_so_far
from bot.usecases.open_review import said_of_person
from bot.views.cases import Entry

TREND = {
    "first": "The first rating",
    "up": "Up since the rating before",
    "same": "The same as before",
    "down": "Down since the rating before",
}

LOOKED = {
    "": "It waits to be looked at again",
    "stands": "Looked at again: it stands",
    "back": "Looked at again: it goes back to the meeting",
    "superseded": "Looked at again: a later decision has replaced it",
    "ended": "The case was closed before it was looked at again",
}


def reviews_part(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """Each rating with its trend (S5-26), whether the person was invited (S3-31), and what was new (S3-32)."""
    pathway = practice.of(case)
    rated = tuple(
        Entry(head=f"{each.stage}: {each.rating}", body=TREND[each.trend], at=each.at)
        for each in ratings_so_far(work, pathway, case.id)
    )
    found = []
    for meeting in work.meetings.of_case(case.id):
        item = work.meetings.item_of(meeting.id, case.id)
        sheet = work.followups.review_sheet(item.id) if item else None
        person = said_of_person(work, case.id, meeting.id)
        lines = [f"The person: {person}"] if person else []
        if sheet is not None:
            lines.append(f"New risks: {sheet.what}" if sheet.new_risks == "yes" else "No new risks")
        if lines:
            title = pathway.stage(meeting.stage).title
            found.append(Entry(head=title, body="\n".join(lines), at=meeting.starts_at))
    return (*rated, *found)


def disputes_part(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """Reference, tier and date of each; what it is about is open only to those involved (S2-45)."""
    tiers = practice.of(case).dispute.tiers
    return tuple(
        Entry(
            head=f"{row.ref} {KIND_WORDS[row.kind]}",
            body=f"Tier {row.tier + 1} of {len(tiers)}: {tiers[min(row.tier, len(tiers) - 1)].title}",
            state=STATE_WORDS[row.state],
            due=practice.today(row.due_at) if row.state == "open" else None,
            at=row.raised_at,
        )
        for row in work.followups.disputes(case.id)
    )


def links_part(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """The earlier case that triage said is about the same person, and the later ones (T21)."""
    earlier = [work.cases.row(case.repeat_of)] if case.repeat_of else []
    both = [("Earlier case", row) for row in earlier]
    both += [("Later case", row) for row in work.followups.repeats_of(case.id)]
    return tuple(
        Entry(
            head=f"{what} {row.ref}",
            body=f"{practice.of(row).title}. Triage said that it is about the same person.",
            state=row.state.replace("_", " "),
            at=row.opened_at,
        )
        for what, row in both
    )


def looked_at(row: DecisionReviewRow) -> str:
    """One line on a time at which a decision was looked at again."""
    until = f" until {told(row.until)}" if row.until else ""
    return f"{LOOKED[row.outcome]}{until}. {row.why}".strip()


def told(day: date) -> str:
    """A day as it is told in the middle of a sentence."""
    return f"{day.day} {day:%B %Y}"
