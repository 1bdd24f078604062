"""What may be seen of a meeting: agencies, dates, references and the names of professionals, never of a case's person.

Only `CaseSheet` and `Minutes` hold more, and they are opened in a modal by somebody who may (design.md rule 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.views.cases import Entry
from bot.views.involvement import MissingReplies


@dataclass(frozen=True, kw_only=True)
class Pick:
    """One entry of a list to pick from."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class TimeForm:
    """What the *Find a time* modal is filled in with; `deadline` is that of the stage picked."""

    pathway: str
    ref: str
    case_id: str
    meeting_id: str
    stage: str
    stages: tuple[Pick, ...]
    agencies: tuple[Pick, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...]
    minutes: int
    first: date
    last: date
    deadline: date | None
    next_panel: date | None
    moving: bool
    places: tuple[Pick, ...] = ()
    where: str = ""
    """Which of the places; there are none to choose from where the area has no rooms."""
    nobody_for: tuple[str, ...] = ()
    """Types of agency that the pathway requires and that nobody in the register speaks for."""


@dataclass(frozen=True, kw_only=True)
class Absent:
    """An agency that would miss a time, and why, as a code."""

    agency: str
    why: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class Offered:
    """One time on offer. `reasons` are codes; `working_days` to the deadline, negative when it is missed.

    `minutes` is who would take them, `room` where; empty when none was asked for, or none is free. `room_missing` is
    then why there is none, as a code.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    fits: bool
    attending: tuple[str, ...]
    deputies: tuple[str, ...]
    tentative: tuple[str, ...]
    absent: tuple[Absent, ...]
    chair: str
    chair_missing: str
    quorum_short: int
    types_short: tuple[str, ...]
    working_days: int | None
    reasons: tuple[str, ...]
    minutes: str = ""
    room: str = ""
    late: tuple[str, ...] = ()
    """References of cases on the agenda whose deadline this time would miss."""
    still: tuple[int, int] | None = None
    """When a meeting moves: of how many agencies that had accepted so many can come, `(3, 4)`; None where none had."""
    room_missing: str = ""


@dataclass(frozen=True, kw_only=True)
class GiveWay:
    """The smallest thing that would make a time possible; `offer` shows it as matters stand without it."""

    kind: str
    starts_at: datetime
    agencies: tuple[str, ...]
    people: tuple[str, ...]
    minutes: int
    working_days_late: int


@dataclass(frozen=True, kw_only=True)
class KnownFrom:
    """Where the free time of these people is known from, as a code; for diaries the oldest moment of reading."""

    source: str
    people: tuple[str, ...]
    read_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The answer to *Find a time*: options that fit, or the nearest and what could give.

    `asking` names what would be asked of those whose diaries cannot be read; empty where that does not help.
    """

    meeting_id: str
    stage: str
    ref: str
    minutes: int
    deadline: date | None
    options: tuple[Offered, ...]
    nothing_fits: bool
    give_way: GiveWay | None
    also: tuple[GiveWay, ...]
    not_known: tuple[str, ...]
    known_from: tuple[KnownFrom, ...]
    moving: bool
    asking: str = ""


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What is told at once to whoever booked, moved or cancelled a meeting."""

    meeting_id: str
    stage: str
    refs: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    people: int
    moved: bool
    person_invited: bool
    place: str = ""
    late: tuple[str, ...] = ()
    """References of cases on the agenda whose deadline the new time misses."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A panel whose list closed before this case came; `closed_on` is the last day that would have done."""

    meeting_id: str
    case_id: str
    ref: str
    starts_at: datetime
    closed_on: date | None


@dataclass(frozen=True, kw_only=True)
class AgencyAnswer:
    """How an agency stands: its people asked, and the best of their answers."""

    agency: str
    people: tuple[str, ...]
    answer: str
    required: bool
    deputy: bool
    way: str = ""
    """By which way the answer came: `chat`, `mail`, `calendar`; "" where several differ."""


@dataclass(frozen=True, kw_only=True)
class AgendaLine:
    """A line of the agenda with its time; `ref` where it is a case. `item` is the id of the agenda's item."""

    starts_at: datetime
    minutes: int
    title: str
    ref: str = ""
    item: str = ""
    case_id: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingCard:
    """A meeting as its room shows it before the day; edited in place.

    `minutes` is who takes them, `minutes_answer` what they answered where they come for that alone. `unheard` are the
    cases for whose person's views, or why there are none, it waits.
    """

    id: str
    pathway: str
    stage: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    chair: str
    minutes: str
    minutes_answer: str
    answers: tuple[AgencyAnswer, ...]
    outlook: str
    coming: int
    needed: int
    lacking: tuple[str, ...]
    agenda: tuple[AgendaLine, ...]
    minutes_over: int
    cancelled_why: str
    moved: bool
    drill: bool
    unheard: tuple[Pick, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ring:
    """Somebody to ring: a professional, as what, and the number that the register has of them, if any."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class AgencyToRing:
    """An agency that is wanting: whether the quorum needs it by name, what it said, and whom to ring."""

    agency: str
    must: bool
    said: str
    people: tuple[Ring, ...]
    deputies: tuple[Ring, ...]


@dataclass(frozen=True, kw_only=True)
class QuorumCall:
    """A quorum that is wanting. `outlook` is `at_risk`, `waiting`, or `absent` when it is the meeting itself.

    `coming` agencies have accepted, or are there; `possible` is how many it would be if everybody who has not answered
    came. `nobody_asked` are types of agency that the quorum needs and that nobody was asked for.
    """

    id: str
    stage: str
    starts_at: datetime
    state: str
    outlook: str
    coming: int
    possible: int
    needed: int
    nobody_asked: tuple[str, ...]
    agencies: tuple[AgencyToRing, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class AgendaForAgency:
    """The agenda as one agency gets it: its own cases by reference, with their times, and what it still owes."""

    id: str
    stage: str
    starts_at: datetime
    ends_at: datetime
    agency: str
    cases: tuple[AgendaLine, ...]
    others: int
    owed: tuple[str, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class AgendaSoon:
    """What the coordinator hears the day before an agenda goes out; `closes` is the last day for a case, if any."""

    id: str
    stage: str
    state: str
    starts_at: datetime
    out: date
    closes: date | None
    refs: tuple[str, ...]
    waiting: int
    drill: bool
    missing: tuple[MissingReplies, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InvitationCard:
    """A person's own invitation, with their answer; edited in place in their direct message.

    Whoever does not speak for their agency comes to take the minutes.
    """

    id: str
    meeting_id: str
    stage: str
    pathway: str
    refs: tuple[str, ...]
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    chair: str
    agency: str
    speaks: bool
    state: str
    answer: str
    way: str
    withdrawn: bool
    as_deputy: bool
    deputy: str
    moved: bool
    cancelled_why: str
    open: bool
    drill: bool
    priority: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseProgress:
    """How far a case on the agenda has got: what is recorded, and what the chair still has to do."""

    item: str
    case_id: str
    ref: str
    number: int
    minutes: int
    started_at: datetime | None
    ended_at: datetime | None
    voice: bool
    prompts_done: int
    prompts: int
    decisions: int
    actions: int
    rating: str
    lacking: tuple[str, ...]
    missing: MissingReplies | None = None

    @property
    def state(self) -> str:
        """`waiting`, `now` or `done`."""
        return "waiting" if self.started_at is None else "done" if self.ended_at else "now"


@dataclass(frozen=True, kw_only=True)
class AgencyAttendance:
    """An agency at the meeting: status as a code (empty: nothing recorded yet) and who spoke for it."""

    agency_id: str
    agency: str
    status: str
    person: str


@dataclass(frozen=True, kw_only=True)
class HoldCard:
    """The meeting in progress, as its room shows it; edited in place."""

    id: str
    pathway: str
    stage: str
    kind: str
    state: str
    started_at: datetime | None
    ends_at: datetime | None
    concluded_at: datetime | None
    chair: str
    agenda: tuple[AgendaLine, ...]
    attendance: tuple[AgencyAttendance, ...]
    counts_quorum: bool
    quorate: bool
    present: int
    needed: int
    lacking: tuple[str, ...]
    cases: tuple[CaseProgress, ...]
    current: CaseProgress | None
    overridden: bool
    drill: bool
    minutes: str = "draft"
    """Where the minutes are: draft, sent, change or approved."""
    minutes_due: date | None = None
    asks_enough: bool = False
    """Whether the pathway asks if the plan is good enough for each of the people (S4-06)."""


@dataclass(frozen=True, kw_only=True)
class AttendanceForm:
    """The attendance of one agency, to be recorded: `choices` are status and person in one, such as `present:<id>`."""

    agency_id: str
    agency: str
    choices: tuple[Pick, ...]
    chosen: str
    information: str


@dataclass(frozen=True, kw_only=True)
class AttendanceSheet:
    """The attendance of a meeting, to be recorded."""

    meeting_id: str
    stage: str
    agencies: tuple[AttendanceForm, ...]


@dataclass(frozen=True, kw_only=True)
class AgendaSheet:
    """An agenda to be put in order, and the cases that could join it."""

    meeting_id: str
    stage: str
    starts_at: datetime | None
    lines: tuple[AgendaLine, ...]
    waiting: tuple[Pick, ...]
    changeable: bool


@dataclass(frozen=True, kw_only=True)
class EarlierDecision:
    """A decision of the same case, by its kind and day."""

    id: str
    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseSheet:
    """What the chair's modals about one case are filled in with; opened, audited."""

    item: str
    meeting_id: str
    case_id: str
    ref: str
    stage: str
    kind: str
    attends: str
    prompts: tuple[Pick, ...]
    done: tuple[str, ...]
    decisions: tuple[Pick, ...]
    laws: tuple[Pick, ...]
    categories: tuple[Pick, ...]
    agencies: tuple[Pick, ...]
    owners: tuple[Pick, ...]
    owner_agency: str
    dues: tuple[Pick, ...]
    voice_how: str
    views: str
    outcomes: str
    why_not: str
    rating: str
    rating_before: str
    mitigated: bool | None
    review_on: date | None
    review_default: date
    today: date
    present: tuple[Pick, ...] = ()
    """The agencies that are there: it is they who decide."""
    earlier: tuple[EarlierDecision, ...] = ()
    """Decisions of this case that a new one may take the place of."""
    latest: tuple[Entry, ...] = ()
    """What the person last said, for whoever is about to decide (S1-09)."""
    risks: tuple[Pick, ...] = ()
    wishes: tuple[Pick, ...] = ()
    needs: tuple[str, ...] = ()
    """What the pathway asks of an action."""


@dataclass(frozen=True, kw_only=True)
class OfferSheet:
    """What the form of an action that an agency takes on is filled in with; opened by whoever speaks for it."""

    item: str
    ref: str
    agency: str
    owners: tuple[Pick, ...]
    owner: str
    categories: tuple[Pick, ...]
    dues: tuple[Pick, ...]
    risks: tuple[Pick, ...]
    wishes: tuple[Pick, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OfferedAction:
    """An action that an agency took on itself in this meeting: reference, category and agency, as words."""

    ref: str
    category: str
    agency: str


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """Why a meeting cannot be concluded yet, or what concluding it would do."""

    id: str
    stage: str
    counts_quorum: bool
    quorate: bool
    may_override: bool
    present: int
    needed: int
    lacking: tuple[str, ...]
    cases: tuple[CaseProgress, ...]
    offered: tuple[OfferedAction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MinutesAction:
    """An agreed action as the minutes list it."""

    ref: str
    category: str
    detail: str
    agency: str
    owner: str
    due: date
    review_on: date


@dataclass(frozen=True, kw_only=True)
class MinutesDecision:
    """A decision as the minutes record it."""

    kind: str
    text: str
    reasons: str
    options: str
    support: str
    laws: tuple[str, ...]
    dissent: str
    by: str
    review_on: date | None


@dataclass(frozen=True, kw_only=True)
class MinutesCase:
    """One case in the minutes."""

    ref: str
    number: int
    heard: bool
    started_at: datetime | None
    ended_at: datetime | None
    voice_how: str
    views: str
    outcomes: str
    why_not: str
    prompts: tuple[str, ...]
    decisions: tuple[MinutesDecision, ...]
    actions: tuple[MinutesAction, ...]
    rating: str
    mitigated: bool | None
    review_on: date | None
    review_why: str


@dataclass(frozen=True, kw_only=True)
class MinutesAgency:
    """An agency in the minutes, with the information it sent instead of coming."""

    agency: str
    status: str
    person: str
    information: str


@dataclass(frozen=True, kw_only=True)
class Minutes:
    """The minutes of a meeting, built from what was captured in it (S2-16)."""

    id: str
    area: str
    pathway: str
    stage: str
    state: str
    starts_at: datetime | None
    started_at: datetime | None
    concluded_at: datetime | None
    chair: str
    minute_taker: str
    confidentiality: str
    agencies: tuple[MinutesAgency, ...]
    quorate: bool
    counts_quorum: bool
    needed: int
    present: int
    override_reason: str
    cases: tuple[MinutesCase, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class ClosureAgency:
    """An agency's word on a proposal to close: `agrees` is None until it has answered."""

    agency: str
    agrees: bool | None


@dataclass(frozen=True, kw_only=True)
class ClosureCard:
    """A proposal to close a case, as its room shows it; edited in place."""

    id: str
    ref: str
    pathway: str
    state: str
    proposed_by: str
    all_agencies: bool
    authoriser: str
    agencies: tuple[ClosureAgency, ...]
    ready: bool
    closed_by: str
    closed_at: datetime | None
    drill: bool
    answer_by: date | None = None
    signed: tuple[str, ...] = ()
    """Who has signed, with the role they signed for."""
    unsigned: tuple[str, ...] = ()
    """The roles still to sign, in words."""


@dataclass(frozen=True, kw_only=True)
class ClosureForm:
    """What a form about closing a case says beforehand: what is lacking, who is silent, who has to sign."""

    case_id: str
    ref: str
    what: str
    lacking: tuple[str, ...]
    silent: tuple[str, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ClosureAsk:
    """A proposal to close a case, as one agency is asked about it; `id` is that of the agency's part in the case."""

    id: str
    case_id: str
    ref: str
    pathway: str
    agency: str
    agrees: bool | None
    all_agencies: bool
    answer_by: date
    open: bool
    drill: bool


@dataclass(frozen=True, kw_only=True)
class PlannedPanel:
    """A date of a standing panel to which nobody is asked yet; they will be from `called_from` on."""

    id: str
    starts_at: datetime
    called_from: date
    moved_from: date | None
    """The day that the rule names, where offices are closed on it."""


@dataclass(frozen=True, kw_only=True)
class PanelSheet:
    """A pathway's meetings (`/panel`): those to come, when its standing panel meets, and the cases that wait.

    `dates` are what its rule says, as long as no morning has planned any; `closes` by meeting's id is the last day on
    which a case can come in time for it, `agenda_out` when its agenda goes out.
    """

    pathway: str
    pathway_id: str
    meetings: tuple[MeetingCard, ...]
    dates: tuple[date, ...]
    waiting: tuple[Pick, ...]
    may_convene: bool
    planned: tuple[PlannedPanel, ...] = ()
    closes: Mapping[str, date] = field(default_factory=dict)
    agenda_out: Mapping[str, date] = field(default_factory=dict)
    on_holiday: str = ""
    may_report: bool = False
    may_learn: bool = False


@dataclass(frozen=True, kw_only=True)
class AbsenceLine:
    """A span in which a person cannot meet."""

    id: str
    starts_at: datetime
    ends_at: datetime
    kind: str


@dataclass(frozen=True, kw_only=True)
class ViewsFirst:
    """What the form about the person's views is filled in with before a meeting; `waits`: it starts only then."""

    case_id: str
    meeting_id: str
    ref: str
    stage: str
    starts_at: datetime | None
    hows: tuple[tuple[str, str], ...]
    how: str
    views: str
    why_not: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class AuthorityForm:
    """A decision as it was written, for somebody who can authorise it."""

    id: str
    case_id: str
    ref: str
    kind: str
    text: str
    reasons: str
    options: str
    dissent: str
    by: str
    at: datetime
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AuthorityNote:
    """A pointer to a decision that waits for its authoriser, or was answered: `answer` is "", authorised or back."""

    id: str
    case_id: str
    ref: str
    kind: str
    decided_on: date
    role: str
    asks: int
    answer: str
    by: str
    drill: bool
