"""What the person says of themselves: what matters, what works, how they see the risk, their advocate (S2-30)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.codes import digest_of
from bot.storage.people_tables import PersonAccountRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.wishes import MET, WORDS
from bot.views.cases import Entry
from bot.views.people import AccountForm

ADVOCACY = {
    "unknown": "Not known",
    "not_needed": "Not needed",
    "needed": "Needed, and not offered yet",
    "offered": "Offered, and no answer yet",
    "accepted": "Accepted, and not in place yet",
    "declined": "Declined",
    "in_place": "In place",
}
UNDATED = ("unknown", "not_needed")


@dataclass(frozen=True, kw_only=True)
class Account:
    """One version of it; what they did not wish to say is left empty. `advocacy_on`: since when that is so."""

    matters: str = ""
    works: str = ""
    own_risk: str = ""
    strengths: str = ""
    network: str = ""
    capacity: str = ""
    advocacy: str = ""
    advocacy_on: date | None = None


HEADS = {
    "matters": "What matters to them",
    "works": "What works for them",
    "own_risk": "How they see the risk",
    "strengths": "Strengths",
    "network": "Who is in their life, as far as they wish to say",
    "capacity": "Capacity for the decisions to be made",
}


def open_account(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> AccountForm:
    """The form, begun with the latest version, for somebody who works on the case; the opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        work.audit.write(
            stream=case.ref, actor=by.id, verb="account.opened", thing=f"case:{case.id}", facts={}, at=now
        )
        rows = work.people.accounts(case.id)
        if not rows:
            return AccountForm(case_id=case.id, ref=case.ref)
        told = {head: getattr(rows[0], head) for head in HEADS}
        return AccountForm(
            case_id=case.id,
            ref=case.ref,
            advocacy=rows[0].advocacy,
            advocacy_on=rows[0].advocacy_on,
            **told,
        )


def record_account(
    begin: Begin, practice: Practice, case_id: str, told: Account, *, by: Person, now: datetime
) -> str:
    """Keep a new version beside those before it (S2-30 to S2-32, S5-14). The case's id. Raises Invalid."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        words = {head: getattr(told, head).strip() for head in HEADS}
        _check(told, words, practice.today(now))
        row = PersonAccountRow(
            id=new_id(),
            case_id=case.id,
            advocacy=told.advocacy,
            advocacy_on=None if told.advocacy in UNDATED else told.advocacy_on,
            by_id=by.id,
            at=now,
            **words,
        )
        work.session.add(row)
        facts = {"advocacy": row.advocacy, "told": digest_of("\n".join(words.values()))}
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="account.recorded",
            thing=f"case:{case.id}",
            facts=facts,
            at=now,
        )
        return case.id


def account_entries(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """The part of a case's file about it: each version, the newest first."""
    found: list[Entry] = []
    for n, row in enumerate(work.people.accounts(case.id)):
        found.append(
            Entry(
                head="As last recorded" if n == 0 else "Before that",
                body="\n".join(
                    f"{head}: {getattr(row, id)}" for id, head in HEADS.items() if getattr(row, id)
                ),
                said=f"Advocate: {_advocacy(row)}",
                who=work.register.person(row.by_id).name,
                at=row.at,
            )
        )
    return tuple(found)


def latest_views(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """What the person last said, for whoever is about to decide: views, wishes, how they see it (S1-09)."""
    found: list[Entry] = []
    if (voice := work.cases.voice(case.id)) is not None:
        said = voice.views or (f"Not obtained: {voice.why_not}" if voice.why_not else "")
        found.append(Entry(head="Views", body=said, at=voice.at))
        if voice.outcomes:
            found.append(
                Entry(head="What they want, as told to the meeting", body=voice.outcomes, at=voice.at)
            )
    if wishes := work.people.outcomes(case.id):
        order = [row.id for row in work.people.checks(case.id)]
        last = {
            row.outcome_id: f" ({MET[row.met].lower()}, {WORDS[row.word]})"
            for row in sorted(work.people.met(case.id), key=lambda each: order.index(each.check_id))
        }
        lines = [f"{row.number}. {row.text}{last.get(row.id, '')}" for row in wishes]
        found.append(Entry(head="Wanted outcomes", body="\n".join(lines)))
    if accounts := work.people.accounts(case.id):
        row = accounts[0]
        told = [
            f"{HEADS[id]}: {getattr(row, id)}" for id in ("matters", "works", "own_risk") if getattr(row, id)
        ]
        found.append(
            Entry(head="In their words", body="\n".join([*told, f"Advocate: {_advocacy(row)}"]), at=row.at)
        )
    return tuple(found)


def _advocacy(row: PersonAccountRow) -> str:
    since = f", {row.advocacy_on.day} {row.advocacy_on:%B %Y}" if row.advocacy_on else ""
    return ADVOCACY[row.advocacy].lower() + since


def _check(told: Account, words: dict[str, str], today: date) -> None:
    found = {}
    if not any(words.values()):
        found["matters"] = "Write down at least one thing that they told you."
    if told.advocacy not in ADVOCACY:
        found["advocacy"] = "Choose how it stands with an advocate. “Not known” is an answer."
    elif told.advocacy not in UNDATED and told.advocacy_on is None:
        found["advocacy_on"] = "Give the day since when that is so."
    elif told.advocacy_on is not None and told.advocacy_on > today:
        found["advocacy_on"] = "This date has not come yet. Give today’s date or an earlier one."
    if found:
        raise Invalid(found)
