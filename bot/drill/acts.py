"""What people do in the drill's stories: each act is the use case that their button would have called.

Nothing is written past the use cases, so audit, clocks, actions and nudges are what they would be had it happened.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.area import Practice
from bot.domain.criteria import Finding, Verdict
from bot.domain.forms import Answer, shown
from bot.domain.people import Person
from bot.drill.script import Calendar, Json, Script, Step, Story
from bot.storage.transaction import Begin, Work
from bot.usecases import answer, attend, close, drafts, hold, record, refer
from bot.usecases.agree import NewAction, agree_in_meeting
from bot.usecases.book import book
from bot.usecases.conclude import conclude
from bot.usecases.convene import Wanted, begin_finding, find_times
from bot.usecases.leave import set_leave
from bot.usecases.list_cases import list_on_next_panel
from bot.usecases.review import Reviewed, record_review
from bot.usecases.triage import Ruling, decide
from bot.usecases.wishes import Asked, record_wishes


@dataclass(kw_only=True)
class Played:
    """How far a story has come: ids only."""

    story: Story
    referral_id: str = ""
    case_id: str = ""
    meeting_id: str = ""
    actions: dict[str, str] = field(default_factory=dict)


class Acts:
    """Lets the people of the register act, each as themselves, at the moment they are given."""

    def __init__(self, begin: Begin, practice: Practice, calendar: Calendar, script: Script) -> None:
        self.begin, self.practice, self.calendar, self.script = begin, practice, calendar, script
        with begin() as work:
            people = work.register.people(practice.area.id)
            self.people = {person.name.split()[0].lower(): person for person in people}
            self.agencies = {agency.type: agency.id for agency in work.register.agencies(practice.area.id)}

    def do(self, played: Played, step: Step, now: datetime) -> None:
        """One step. KeyError for an act or a name that there is none of; Refused as for anybody."""
        by = [self.people[step.who]] if step.who else []
        self._acts()[step.does](played, *by, now, **step.said)

    def _acts(self) -> dict[str, Callable[..., None]]:
        return {
            "refer": self._refer,
            "complete": self._complete,
            "decide": self._decide,
            "list_on_panel": self._list_on_panel,
            "book": self._book,
            "invitees_answer": self._invitees_answer,
            "start": self._start,
            "attend": self._attend,
            "hear": self._hear,
            "conclude": self._conclude,
            "accept": self._accept,
            "done": self._done,
            "more_time": self._more_time,
            "go_on_leave": self._go_on_leave,
            "what_they_wanted": self._what_they_wanted,
            "propose_closure": self._propose_closure,
            "agree_to_close": self._agree_to_close,
            "close": self._close,
        }

    def meeting_starts(self, played: Played) -> datetime | None:
        """When the meeting that was last booked for the story's case begins."""
        if not played.meeting_id:
            return None
        with self.begin() as work:
            return work.meetings.row(played.meeting_id).starts_at

    # Referral

    def _refer(self, played: Played, by: Person, now: datetime) -> None:
        story = played.story
        draft = drafts.begin_draft(
            self.begin, self.practice, story.pathway, {}, source=story_key(story.id), by=by, now=now
        )
        self._fill_in(draft, story.answers, by, now)
        played.referral_id = refer.refer(self.begin, self.practice, draft, by=by, now=now).referral_id

    def _complete(self, played: Played, by: Person, now: datetime) -> None:
        draft = refer.begin_second_stage(self.begin, self.practice, played.referral_id, by=by, now=now)
        self._fill_in(draft, played.story.answers, by, now)
        refer.complete(self.begin, self.practice, draft, by=by, now=now)

    def _fill_in(self, draft_id: str, said: Json, by: Person, now: datetime) -> None:
        """Page after page, as somebody would: each is checked and saved by itself."""
        with self.begin() as work:
            draft = work.drafts.own(draft_id, by.id)
            form, so_far = drafts.form_of(self.practice, draft), dict(draft.answers)
        known = {id: self._meant(value) for id, value in {**self.script.usual[form.id], **said}.items()}
        for page in shown(form, {**so_far, **known}):
            answers = {each.id: known[each.id] for each in page.fields if each.id in known}
            drafts.save_page(self.begin, self.practice, draft_id, page.id, answers, by=by, now=now)

    def _meant(self, value: Any) -> Answer:
        """The answer that a value of the script stands for: a day, a person, agencies, or itself."""
        if isinstance(value, dict):
            kind, what = next(iter(value.items()))
            if kind == "day":
                return self.calendar.day(str(what)).isoformat()
            return self.people[what].id if kind == "person" else [self.agencies[type] for type in what]
        if isinstance(value, list):
            return [str(self._meant(each)) for each in value]
        return str(value)

    # Triage

    def _decide(
        self, played: Played, by: Person, now: datetime, met: tuple[str, ...] = (), **said: Any
    ) -> None:
        findings = {id: Finding(verdict=Verdict.MET) for id in met}
        ruling = Ruling(findings=findings, **said)
        decide(self.begin, self.practice, played.referral_id, ruling, by=by, now=now)
        with self.begin() as work:
            case = work.cases.of_referral(played.referral_id)
            played.case_id = case.id if case else ""

    # Meeting

    def _list_on_panel(self, played: Played, by: Person, now: datetime) -> None:
        meeting = list_on_next_panel(self.begin, self.practice, played.case_id, by=by, now=now)
        played.meeting_id = meeting.id

    def _book(
        self, played: Played, by: Person, now: datetime, stage: str, first: int | str, last: int | str
    ) -> None:
        """Book the first time on offer that lies within those days."""
        form = begin_finding(
            self.begin, self.practice, case_id=played.case_id, stage_id=stage, by=by, now=now
        )
        wanted = Wanted(
            stage=form.stage,
            required=form.required,
            optional=form.optional,
            minutes=form.minutes,
            first=self._day(first),
            last=self._day(last),
            case_id=played.case_id,
        )
        key = f"{story_key(played.story.id)}:{stage}"
        offer = find_times(self.begin, self.practice, wanted, source=key, by=by, now=now)
        within = [
            each
            for each in offer.options
            if wanted.first <= self.practice.today(each.starts_at) <= wanted.last
        ]
        chosen = book(self.begin, self.practice, (within or offer.options)[0].id, by=by, now=now)
        played.meeting_id = chosen.meeting_id

    def _invitees_answer(self, played: Played, now: datetime, answers: list[str]) -> None:
        """Those asked answer, in the order of their names; `none` is somebody who has not, like all after the last."""
        with self.begin() as work:
            chair = work.meetings.row(played.meeting_id).chair_id
            asked = [each for each in work.meetings.invitations(played.meeting_id) if each.person_id != chair]
            people = sorted(
                ((work.register.person(each.person_id), each.id) for each in asked),
                key=lambda pair: pair[0].name,
            )
        for (person, id), said in zip(people, answers, strict=False):
            if said != "none":
                attend.answer_invitation(self.begin, self.practice, id, said, by=person, now=now)

    def _start(self, played: Played, by: Person, now: datetime) -> None:
        hold.start(self.begin, self.practice, played.meeting_id, by=by, now=now)

    def _attend(
        self, played: Played, by: Person, now: datetime, present: list[str], apologies: tuple[str, ...] = ()
    ) -> None:
        marks = [
            hold.Mark(agency_id=self.people[name].agency_id, status="present", person_id=self.people[name].id)
            for name in present
        ]
        marks += [hold.Mark(agency_id=self.people[n].agency_id, status="apologies") for n in apologies]
        hold.record_attendance(self.begin, self.practice, played.meeting_id, marks, by=by, now=now)

    def _hear(
        self,
        played: Played,
        by: Person,
        now: datetime,
        voice: Json | None = None,
        risk: Json | None = None,
        decisions: tuple[Json, ...] = (),
        actions: tuple[Json, ...] = (),
    ) -> None:
        """All that is said and decided about one case."""
        item = self._item(played)
        to = (self.begin, self.practice, item)
        hold.open_item(*to, by=by, now=now)
        if voice:
            record.record_voice(*to, record.Said(**voice), by=by, now=now)
            pathway = self.practice.named(played.story.pathway)
            record.record_prompts(*to, tuple(prompt.id for prompt in pathway.prompts), by=by, now=now)
        for said in actions:
            self._agree(played, item, by, now, **said)
        for number, said in enumerate(decisions):
            day = self._day(said["review_on"])
            decided = record.Decided(**{**said, "law": tuple(said["law"]), "review_on": day})
            key = f"{story_key(played.story.id)}:{played.meeting_id}:{number}"
            record.record_decision(*to, decided, source=key, by=by, now=now)
        if risk:
            rated = record.Rated(**{**risk, "review_on": self._day(risk["review_on"])})
            record.record_risk(*to, rated, by=by, now=now)
            if self._is_review(played):
                record_review(*to, Reviewed(new_risks="no"), by=by, now=now)

    def _agree(
        self, played: Played, item: str, by: Person, now: datetime, *, name: str, agency: str, owner: str,
        category: str, detail: str, due: int | str, review_on: int | str,
    ) -> None:  # fmt: skip
        action = NewAction(
            agency_id=self.agencies[agency],
            owner_id=self.people[owner].id,
            category=category,
            detail=detail,
            due=self._day(due),
            review_on=self._day(review_on),
            source=f"{story_key(played.story.id)}:{name}",
        )
        agree_in_meeting(self.begin, self.practice, item, action, by=by, now=now)
        with self.begin() as work:
            row = work.plans.by_source(action.source)
            assert row is not None
            played.actions[name] = row.id

    def _is_review(self, played: Played) -> bool:
        with self.begin() as work:
            return work.meetings.row(played.meeting_id).kind == "review"

    def _conclude(self, played: Played, by: Person, now: datetime) -> None:
        conclude(self.begin, self.practice, played.meeting_id, "", by=by, now=now)

    # Actions

    def _accept(self, played: Played, by: Person, now: datetime, action: str) -> None:
        answer.accept(self.begin, self.practice, played.actions[action], by=by, now=now)

    def _done(self, played: Played, by: Person, now: datetime, action: str, evidence: str = "") -> None:
        answer.done(self.begin, self.practice, played.actions[action], evidence, by=by, now=now)

    def _more_time(
        self, played: Played, by: Person, now: datetime, action: str, until: int | str, why: str
    ) -> None:
        day = self._day(until)
        answer.more_time(self.begin, self.practice, played.actions[action], day, why, by=by, now=now)

    def _go_on_leave(
        self, played: Played, by: Person, now: datetime, first: int | str, last: int | str
    ) -> None:
        set_leave(self.begin, self.practice, self._day(first), self._day(last), by=by, now=now)

    def _what_they_wanted(self, played: Played, by: Person, now: datetime, **said: Any) -> None:
        """Asked at that moment; `wants` are new wishes, `met` how far the ones before were, in their order."""
        with self.begin() as work:
            wishes = [row.id for row in work.people.outcomes(played.case_id)]
        met = {id: (how, "person") for id, how in zip(wishes, said.pop("met", ()), strict=False)}
        asked = Asked(asked="yes", met=met, **said)
        record_wishes(self.begin, self.practice, played.case_id, asked, by=by, now=now)

    # Closure

    def _propose_closure(self, played: Played, by: Person, now: datetime, reason: str) -> None:
        close.propose_closure(self.begin, self.practice, played.case_id, reason, by=by, now=now)

    def _agree_to_close(self, played: Played, by: Person, now: datetime) -> None:
        close.agree_to_close(self.begin, self.practice, played.case_id, by=by, now=now)

    def _close(self, played: Played, by: Person, now: datetime, reason: str) -> None:
        close.close_case(self.begin, self.practice, played.case_id, reason, by=by, now=now)

    def _day(self, on: int | str) -> date:
        return self.calendar.day(str(on))

    def _item(self, played: Played) -> str:
        with self.begin() as work:
            item = work.meetings.item_of(played.meeting_id, played.case_id)
            assert item is not None
            return item.id


def story_key(story_id: str) -> str:
    """The source of a story's referral: sent once, however often the stories are played."""
    return f"drill:{story_id}"


def referral_of(work: Work, story_id: str) -> str | None:
    """The id of the referral that a story has led to; None when it has not been played."""
    draft = work.inbox.answer_to(story_key(story_id))
    row = work.referrals.by_source(f"draft:{draft}") if draft else None
    return row.id if row else None
