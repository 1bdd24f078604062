"""A pathway: everything in which one council's protocol differs from another's, read from a file (rule 5).

Nothing here is decided in code: a new choice goes in the pathway file (model.md sections 6 and 7). A case is
pinned to the `version` it began under. Lengths carry their unit; offsets of a ladder are working days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from bot.domain import workdays
from bot.domain.answers import a_number
from bot.domain.criteria import Node, Verdict, suggest
from bot.domain.dispute import DEFAULT as DEFAULT_DISPUTE
from bot.domain.dispute import DisputeRule
from bot.domain.forms import UNKNOWN, Answers, Condition, Field, Form, When, chosen
from bot.domain.indicators import INDICATORS, Indicator
from bot.domain.involvement import InvolvementRule
from bot.domain.questions import Option
from bot.domain.risktools import ToolSlot
from bot.domain.sharing import GROUNDS, SharingRules
from bot.domain.workdays import Length, Unit


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry of a fixed list: an action category, a decision, a law, a redirect. Sensitivity 0."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ClockRule(workdays.ClockRule):
    """How this pathway counts days, and whether from the referral's receipt or from its acceptance.

    It is handed as it stands to `Length.deadline(receipt, days, pathway.clock)`.
    """

    start: Literal["received", "accepted"] = "received"


@dataclass(frozen=True, kw_only=True)
class EmergencyBanner:
    """What is shown before anything else, and when somebody is in immediate danger (T01, S3-17)."""

    headline: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something the referrer must do (S3-21 to S3-25); the fields in which they show that they did."""

    id: str
    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Redirect:
    """Another route for a concern that does not belong here; `text` is what the referrer is told."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A statement that answers call for: it prompts in the form and at triage, and decides nothing (rule 6).

    It shows when every condition of `when` holds and, where `number` names a field, when that number is `at_least` so
    many; always, where it has neither. `redirect` is the route that it points at, "" for none; `carry` are fields whose
    answers go along with those that called for it. `source` is the requirement it comes from, such as S1-01.
    """

    id: str
    text: str
    when: tuple[Condition, ...] = ()
    number: str = ""
    at_least: int = 0
    redirect: str = ""
    carry: tuple[str, ...] = ()
    source: str = ""

    @property
    def standing(self) -> bool:
        """Whether it shows whatever was answered."""
        return not self.when and not self.number

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields that it hangs on, in the order of the file."""
        return (*(each.field for each in self.when), *((self.number,) if self.number else ()))

    def shows(self, answers: Answers) -> bool:
        """Whether the answers call for it; what is unknown or blank does not."""
        given = [a_number(text) for text in chosen(answers.get(self.number))] if self.number else []
        enough = not self.number or any(n is not None and n >= self.at_least for n in given)
        return enough and all(each.holds(answers) for each in self.when)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What the agencies mean by a word, shown where the form needs it (S5-04)."""

    id: str
    term: str
    text: str


@dataclass(frozen=True, kw_only=True)
class WebLink:
    """A page that professionals are pointed to (S1-22, S2-27, S3-36)."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class LeadRule:
    """How a case comes by its lead professional (S2-08, S2-10).

    `field` asks for the one proposed, `manager` for that person's manager, `chair` for who is to chair; "" where the
    form does not ask. `until_named` convenes while nobody leads.
    """

    field: str
    manager: str = ""
    chair: str = ""
    until_named: Literal["referrer", "coordinator"] = "coordinator"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step of a ladder: so many working days from the deadline, these roles are told (T17)."""

    offset: int
    to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TriageRule:
    """How soon a referral is decided, and who hears when it is not (T05).

    `same_day_if`: the answers that call for a decision on the day of receipt (D13), None for none.
    """

    due: Length
    owner: str
    ladder: tuple[Rung, ...]
    same_day_if: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """A standing panel: the nth weekday of a month, or that weekday each week or fortnight (T11).

    `on_holiday`: what becomes of a date on which offices are closed. `invite_wd`: so many working days before a date
    people are invited to it. Twenty unless the pathway says otherwise: four weeks, so that diaries are still open and
    nobody is asked to two monthly panels at once.
    """

    every: Literal["week", "fortnight", "month"]
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
    at: time
    nth: int | None = None
    on_holiday: Literal["next_working_day", "skip"] = "next_working_day"
    invite_wd: int = 20


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A meeting the pathway holds. `length` and `minutes_per_case` are minutes; `due` None: no clock.

    A case whose clock began later than `list_closes_wd` working days before the meeting is too late for it (T08); its
    agenda goes out `agenda_out_wd` working days before (T10). None: no cut-off, and no agenda is sent. `chair` is who
    chairs, "" for whoever the owner is; `priority` asks everybody invited to put it before other things (S2-14). The
    clock of `due` runs only for answers that meet `due_if`; None: for every case. `views_first` lets it start only when
    the person is known to come, or their views are on record, or why there are none (S2-18).
    """

    id: str
    title: str
    kind: Literal["discussion", "panel", "review"]
    owner: str
    due: Length | None
    length: int
    minutes_per_case: int | None = None
    recurs: Recurrence | None = None
    many_cases: bool = False
    list_closes_wd: int | None = None
    agenda_out_wd: int | None = None
    subject_attends: Literal["invited", "views", "never"] = "views"
    chair: Literal["", "coordinator", "chair", "lead_professional", "lead_manager", "convenor"] = ""
    priority: bool = False
    due_if: Condition | None = None
    views_first: bool = False


@dataclass(frozen=True, kw_only=True)
class Quorum:
    """Who must be there: agency types by name, and how many agencies in all."""

    required: tuple[str, ...]
    min_agencies: int
    on_fail: Literal["chair_override_with_reason", "adjourn"]


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """A type of agency that the pathway invites."""

    agency_type: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class AgendaPart:
    """A part of the agenda; `minutes` of the meeting, or of each case where `per_case`."""

    id: str
    title: str
    minutes: int
    per_case: bool = False


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question that the chair must have put before a case counts as heard."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ActionRules:
    """What an action needs; an extension above `extension_limit_wd` working days goes to the chair (T14).

    `contact` are the categories in which somebody gets in touch with the person: their owners are shown how to do so
    safely (S5-17).
    """

    categories: tuple[Choice, ...]
    need: tuple[str, ...]
    acknowledge_within: Length
    extension_limit_wd: int
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReviewRule:
    """When a plan is reviewed and what follows if the risk has not fallen (T20, S3-33, S4-11)."""

    when: Literal["rating_not_reduced", "high_and_unmitigated"]
    then: Literal["relist", "review"]
    due: Length


ANSWER_WITHIN = Length(5, Unit.WD)
"""How long agencies have to answer a proposal to close, where a pathway does not say (P)."""


@dataclass(frozen=True, kw_only=True)
class MinutesRule:
    """When a meeting's minutes are out, counted from its end, and which role approves them (T15, S2-16)."""

    due: Length = field(default_factory=lambda: Length(5, Unit.WD))
    approver: Literal["chair", "coordinator"] = "chair"


@dataclass(frozen=True, kw_only=True)
class ClosureRule:
    """Who proposes, who authorises, whether every agency has to agree, and what is on record before (S3-34, S2-17).

    `also` are further roles whose signature is needed, each by another person: the lead and their manager, say.
    `answer_within` is how long the agencies have before those who are silent are asked again.
    """

    by: str
    authoriser: str
    all_agencies: bool
    also: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("actions_ended", "rating")
    answer_within: Length = ANSWER_WITHIN

    @property
    def signatures(self) -> tuple[str, ...]:
        """The roles that have to sign, the authoriser's first."""
        return (self.authoriser, *self.also)


@dataclass(frozen=True, kw_only=True)
class RepeatRule:
    """A new incident this long after the anchor is a repeat (T21)."""

    window: Length
    anchor: Literal["last_referral", "last_meeting"]


@dataclass(frozen=True, kw_only=True)
class IncidentKind:
    """A kind of incident that is recorded under its name (S5-22, S5-24).

    With `review_at`, so many of them within that length ask the coordinator for a review; None: it is only recorded.
    """

    id: str
    label: str
    review_at: int | None = None
    within: Length | None = None


@dataclass(frozen=True, kw_only=True)
class RoleRule:
    """Who somebody is in this pathway; only a role held by a person may end a ladder (rule 8)."""

    id: str
    title: str
    held_by: Literal["person", "team"]


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long records are kept. `case` None: the area's file must say (model.md section 11, item 1)."""

    case: Length | None
    chat_days: int


@dataclass(frozen=True, kw_only=True)
class Onward:
    """Another process that may have to run beside this one; asked at the meeting (S2-42 to S2-46)."""

    id: str
    label: str
    when: str


CASE_ROLES = (
    Choice(id="keeps_in_touch", label="Keeps in touch with the person"),
    Choice(id="visits", label="Visits"),
    Choice(id="assesses_capacity", label="Assesses mental capacity"),
    Choice(id="health", label="Health"),
    Choice(id="housing", label="Housing"),
    Choice(id="money", label="Money and benefits"),
    Choice(id="safety", label="Safety of the person and of others"),
    Choice(id="brings_together", label="Keeps the agencies together"),
)
"""What agencies settle between them, where a pathway's file has no list of its own (S2-28)."""


@dataclass(frozen=True, kw_only=True)
class Pathway:
    """One council's protocol, whole."""

    id: str
    version: str
    title: str
    aliases: tuple[str, ...]
    nation: str | None
    clock: ClockRule
    emergency: EmergencyBanner
    forms: tuple[Form, ...]
    tool: ToolSlot | None
    criteria: Node
    duties: tuple[Duty, ...]
    redirects: tuple[Redirect, ...]
    triage: TriageRule
    stages: tuple[Stage, ...]
    quorum: Quorum
    invite: tuple[Invitee, ...]
    agenda: tuple[AgendaPart, ...]
    prompts: tuple[Prompt, ...]
    decisions: tuple[Choice, ...]
    laws: tuple[Choice, ...]
    actions: ActionRules
    ladder: tuple[Rung, ...]
    review: ReviewRule
    closure: ClosureRule
    repeat: RepeatRule | None
    roles: Mapping[str, RoleRule]
    retention: Retention
    channel_view: tuple[str, ...]
    never: tuple[str, ...]
    sensitive_input: Literal["modal", "web_form"]
    texts: Mapping[str, str]
    onward: tuple[Onward, ...]
    dispute: DisputeRule = DEFAULT_DISPUTE
    gates: tuple[Gate, ...] = ()
    definitions: tuple[Definition, ...] = ()
    links: tuple[WebLink, ...] = ()
    contact: str = ""
    lead: LeadRule | None = None
    sharing: SharingRules = field(default_factory=SharingRules)
    involvement: InvolvementRule = field(default_factory=InvolvementRule)
    incidents: tuple[IncidentKind, ...] = ()
    indicators: tuple[Indicator, ...] = INDICATORS
    case_roles: tuple[Choice, ...] = CASE_ROLES
    minutes: MinutesRule = field(default_factory=MinutesRule)
    authorised_by: Mapping[str, str] = field(default_factory=dict)
    """By the kind of decision, the role that has to authorise it; a kind that is not here needs nobody (S3-34)."""
    attendees: str = ""
    """The question that asks which agencies should come; they are filled in when a time is sought (P5)."""

    def form(self, when: When) -> Form | None:
        """The form filled in at that point, None where the pathway has none."""
        return next((form for form in self.forms if form.when == when), None)

    def stage(self, id: str) -> Stage:
        """The stage of that id; KeyError where there is none."""
        for stage in self.stages:
            if stage.id == id:
                return stage
        raise KeyError(id)

    @property
    def review_stage(self) -> Stage | None:
        """The meeting at which a plan is looked at again; None where a pathway has none."""
        return next((stage for stage in self.stages if stage.kind == "review"), None)

    @property
    def fields(self) -> Iterator[Field]:
        """Every field of every form, in the order asked."""
        return (each for form in self.forms for each in form.fields)

    @property
    def grounds(self) -> tuple[Option, ...]:
        """On which may be shared without agreement: the file's own list, or that of its referral (S2-23)."""
        own = self.sharing.grounds or next((each.options for each in self.fields if each.id == "ground"), ())
        return own or GROUNDS

    def suggestion(self, answers: Answers, today: date) -> dict[str, Verdict]:
        """What the referral says to each question of the threshold: for the triage officer, who decides."""
        score = self.tool.score(answers) if self.tool else None
        return suggest(self.criteria, answers, today=today, score=score)

    def gates_open(self, answers: Answers) -> tuple[Gate, ...]:
        """The statements that these answers call for, the standing ones among them, in the order of the file."""
        return tuple(gate for gate in self.gates if gate.shows(answers))

    def duties_open(self, answers: Answers) -> tuple[Duty, ...]:
        """The referrer's duties that no answer shows yet; "unknown" is an answer, but shows no duty done."""
        return tuple(duty for duty in self.duties if not all(_shown(answers, id) for id in duty.fields))


def _shown(answers: Answers, field_id: str) -> bool:
    return bool(set(chosen(answers.get(field_id))) - {UNKNOWN})
