"""Sharing information lawfully: what must be said before an item goes to another agency, and who keeps it moving.

One item (model.md, InfoShare) is told on short pages and checked here, so that Slack and Teams refuse the same things
with the same words (S2-21 to S2-27, S5-08, S5-18, S5-20, IG-16 to IG-19, IG-23).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.forms import Form, Page, problems, shown
from bot.domain.questions import Answers, Condition, Field, Option, chosen
from bot.domain.sensitivity import Sensitivity
from bot.domain.states import Machine

RATIONALE = 30
"""Characters that the reasons need at least (IG-16)."""

MOST = 3000
"""Characters of what is shared: the most that one box takes."""

WARNED = timedelta(days=30)
"""How long before an agreement ends the coordinator hears of it (IG-19)."""

BREACH_HOURS = 72
"""Clock hours in which somebody decides whether a breach goes to the regulator (IG-36)."""

RECIPIENTS, ABOUT = "share_to", "about"
TOLD, TOLD_WHY = "told_", "told_why_"
"""Begin the ids of the two questions about each person whom the information concerns (IG-23)."""

QUALITIES = (
    Option(id="accurate", label="Accurate: fact and opinion are kept apart"),
    Option(id="valid", label="Valid: it stands in a record or was seen first hand"),
    Option(id="reliable", label="Reliable: the source is known and said"),
    Option(id="timely", label="Timely: it is up to date and goes in time to be of use"),
    Option(id="relevant", label="Relevant: only what this purpose needs"),
    Option(id="complete", label="Complete: nothing is left out that would mislead"),
)
"""The six quality ticks (S2-25)."""

CONSENTS = (
    Option(id="given", label="Yes, they agreed"),
    Option(id="refused", label="No, they refused"),
    Option(id="not_sought", label="We have not asked"),
    Option(id="unsafe", label="It would not be safe to ask"),
)

SUBJECTS = (
    Option(id="subject", label="The person the case is about"),
    Option(id="child", label="A child or children"),
    Option(id="household", label="Another adult at risk in the household"),
    Option(id="family", label="Family or a friend"),
    Option(id="harmer", label="Somebody who causes or may cause harm"),
)
"""Whom information can be about, by their part in the case (model.md, Subject)."""


@dataclass(frozen=True, kw_only=True)
class Guide:
    """An agreement or guidance that the share form points to (S2-27); sensitivity 0."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class SharingRules:
    """The fixed lists of a pathway; `grounds` empty: its own referral form says them (see `Pathway.grounds`)."""

    purposes: tuple[Option, ...] = (
        Option(id="safety", label="To keep somebody safe"),
        Option(id="assess", label="To assess needs or risk together"),
        Option(id="plan", label="To make or carry out a plan"),
        Option(id="crime", label="To prevent or detect a crime"),
        Option(id="children", label="To safeguard a child"),
        Option(id="continuity", label="To hand work on to another agency"),
    )
    bases: tuple[Option, ...] = (
        Option(id="public_task", label="Public task, Article 6(1)(e)"),
        Option(id="legal_obligation", label="Legal obligation, Article 6(1)(c)"),
        Option(id="vital_interests", label="Vital interests, Article 6(1)(d)"),
        Option(id="legitimate_interests", label="Legitimate interests, Article 6(1)(f)"),
        Option(id="consent", label="Consent, Article 6(1)(a)"),
    )
    conditions: tuple[Option, ...] = (
        Option(id="safeguarding", label="Safeguarding of people at risk, DPA 2018 Schedule 1 para 18"),
        Option(id="social_care", label="Health or social care, Article 9(2)(h)"),
        Option(id="vital_interests", label="Vital interests, Article 9(2)(c)"),
        Option(id="crime", label="Preventing or detecting unlawful acts, Schedule 1 para 10"),
        Option(id="explicit_consent", label="Explicit consent, Article 9(2)(a)"),
        Option(id="legal_claims", label="Legal claims, Article 9(2)(f)"),
        Option(id="not_needed", label="Nothing of a special category or about an offence"),
    )
    grounds: tuple[Option, ...] = ()
    guides: tuple[Guide, ...] = (
        Guide(
            title="Data sharing code of practice",
            url="https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/data-sharing/",
        ),
    )


GROUNDS = (
    Option(id="best_interests", label="They lack capacity for this, and it is in their best interests"),
    Option(id="risk_to_others", label="Somebody else is at risk"),
    Option(id="crime", label="To prevent or detect a crime"),
    Option(id="public_interest", label="In the public interest, such as coercion or control"),
)
"""On which sharing without agreement may rest, where a pathway has no list of its own (S2-23)."""


class ShareState(StrEnum):
    """Where an item stands. `withdrawn` ends a draft that its writer gave up."""

    DRAFTED = "drafted"
    CONSENTED = "consented"
    OVERRIDE_SELECTED = "override_selected"
    ADVICE_WANTED = "advice_wanted"
    SENT = "sent"
    RECEIVED = "received"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"


S = ShareState
UNSENT = (S.DRAFTED, S.CONSENTED, S.OVERRIDE_SELECTED)
"""The states in which its writer can go on with it."""
OUT = (S.SENT, S.RECEIVED)
"""The states in which the agencies addressed can open it."""

SHARE = Machine(
    "item",
    {
        "agree": dict.fromkeys((*UNSENT, S.ADVICE_WANTED), S.CONSENTED),
        "override": dict.fromkeys((*UNSENT, S.ADVICE_WANTED), S.OVERRIDE_SELECTED),
        "leave_open": dict.fromkeys((*UNSENT, S.ADVICE_WANTED), S.DRAFTED),
        "ask": dict.fromkeys((*UNSENT, S.ADVICE_WANTED), S.ADVICE_WANTED),
        "send": {S.CONSENTED: S.SENT, S.OVERRIDE_SELECTED: S.SENT},
        "receive": {S.SENT: S.RECEIVED},
        "recall": {S.SENT: S.RECALLED, S.RECEIVED: S.RECALLED},
        "withdraw": {**dict.fromkeys(UNSENT, S.WITHDRAWN), S.ADVICE_WANTED: S.WITHDRAWN},
    },
)

STATE_WORDS = {
    S.DRAFTED: "begun, not sent",
    S.CONSENTED: "begun with agreement, not sent",
    S.OVERRIDE_SELECTED: "begun without agreement, on a ground; not sent",
    S.ADVICE_WANTED: "on hold, advice asked for",
    S.SENT: "sent, not yet confirmed by all",
    S.RECEIVED: "received by all",
    S.RECALLED: "recalled",
    S.WITHDRAWN: "withdrawn, never sent",
}

VERDICTS = (
    Option(id="share", label="It may go as it is"),
    Option(id="change", label="Change it first, as I say below"),
    Option(id="do_not", label="Do not share it"),
)
"""What a manager can answer; the writer decides and stands for it (S2-26, rule 6)."""


def settled(answers: Answers) -> str:
    """What an unsent item's answers make of it, as an event: agreed, resting on a ground, or only begun (IG-17)."""
    consent = chosen(answers.get("consent"))
    if consent == ["given"]:
        return "agree"
    return "override" if consent and chosen(answers.get("ground")) else "leave_open"


def share_form(rules: SharingRules, grounds: tuple[Option, ...], agencies: Sequence[Option]) -> Form:
    """The pages on which an item is told; `agencies` are those it could go to. One question is one requirement."""
    return Form(
        id="share",
        title="Share information",
        when="referral",
        pages=(
            Page(
                id="what",
                title="What and to whom",
                intro="Share what this purpose needs and no more. Who opens it is on the record.",
                fields=(
                    _field("what", "What do you share?", "long_text", min_length=10, max_length=MOST),
                    _field(ABOUT, "Whom is it about?", "multi", options=SUBJECTS),
                    _field(
                        RECIPIENTS,
                        "Which agencies is it for?",
                        "multi",
                        1,
                        options=tuple(agencies),
                        hint="Nobody of another agency can open it.",
                    ),
                ),
            ),
            Page(
                id="law",
                title="Purpose and law",
                fields=(
                    _field("purpose", "What is the purpose?", "select", 1, options=rules.purposes),
                    _field("basis", "What is the lawful basis?", "select", 1, options=rules.bases),
                    _field(
                        "condition",
                        "Which condition allows special categories to be shared?",
                        "select",
                        1,
                        options=rules.conditions,
                        hint="Health, ethnicity, sex life, beliefs and the like, or anything about an offence.",
                    ),
                ),
            ),
            Page(
                id="consent",
                title="Do they agree?",
                intro="A refusal is respected, unless one of the grounds below applies. Where asking could itself"
                " put somebody at risk, say so: you need not ask.",
                fields=tuple(_consent_fields(grounds)),
            ),
            Page(
                id="told",
                title="Who was told?",
                intro="People are told when, why and with whom their information is shared, unless that is not"
                " safe.",
                fields=tuple(_told_fields()),
            ),
            Page(
                id="quality",
                title="Before you send",
                intro="After this page it goes to the agencies you named.",
                fields=(
                    _field(
                        "quality",
                        "What you share is",
                        "multi",
                        1,
                        options=QUALITIES,
                        required=False,
                        hint="Tick all six, or say below why one does not apply.",
                    ),
                    _field(
                        "quality_why", "If you ticked fewer, why?", "text", required=False, max_length=1000
                    ),
                ),
            ),
        ),
    )


def share_problems(page: Page, answers: Answers, today: date) -> dict[str, str]:
    """What needs mending on this page, by field id; each missing thing beside its own question (IG-16, IG-17)."""
    found = problems(page, answers, today)
    asked = {field.id for field in page.fields}
    if "ground" in found and chosen(answers.get("consent")) == ["refused"]:
        found["ground"] = (
            "They refused, so this is not shared. If one of these grounds applies all the same, choose it;"
            " if not, close this: nothing has been sent."
        )
    whole = {option.id for option in QUALITIES}
    lacking = whole - set(chosen(answers.get("quality")))
    explained = len("".join(chosen(answers.get("quality_why"))).strip()) >= 10
    if "quality" in asked and "quality" not in found and lacking and not explained:
        found["quality"] = "Tick all six, or say in the box below in a sentence why one does not apply."
    return found


def first_gap(form: Form, answers: Answers, today: date) -> tuple[str, dict[str, str]] | None:
    """The first page that is not whole, by its id, and what it needs; None when the item may be sent."""
    for page in shown(form, answers):
        if found := share_problems(page, answers, today):
            return page.id, found
    return None


def agreement_problem(name: str, expires: date | None, signed: date | None, today: date) -> str | None:
    """Why nothing new goes to this agency; None with an agreement in date (IG-19). Missing is never "in date"."""
    if signed is None or expires is None:
        why = "has no information sharing agreement on record"
    elif signed > today:
        why = f"has an agreement that begins only on {_day(signed)}"
    elif expires < today:
        why = f"has an agreement that ended on {_day(expires)}"
    else:
        return None
    return (
        f"{name} {why}, so nothing can be sent to it here. Take it out and send, or ask the coordinator: its dates"
        " are entered in the contact register (columns isa_signed and isa_expires)."
    )


def _consent_fields(grounds: tuple[Option, ...]) -> Iterator[Field]:
    without = Condition(field="consent", none_of=("given",))
    yield _field("consent", "Have they agreed to this being shared?", "select", options=CONSENTS)
    yield _field(
        "ground",
        "If they have not agreed, what allows you to share?",
        "select",
        options=grounds,
        required=False,
        required_if=without,
    )
    yield _field(
        "unsafe_why",
        "If it is not safe to ask, why not?",
        "text",
        required=False,
        required_if=Condition(field="consent", one_of=("unsafe",)),
        min_length=10,
        max_length=1000,
    )
    yield _field(
        "rationale",
        "Why is it right to share this?",
        "long_text",
        min_length=RATIONALE,
        max_length=2000,
        hint="A sentence or two that you could stand by later. It goes on the record with your name.",
    )


def _told_fields() -> Iterator[Field]:
    for each in SUBJECTS:
        applies = Condition(field=ABOUT, one_of=(each.id,))
        yield _field(
            TOLD + each.id, f"{each.label}: told, and given a privacy notice?", "yes_no", shown_if=applies
        )
        yield _field(
            TOLD_WHY + each.id,
            "If not, why not?",
            "text",
            required=False,
            required_if=Condition(field=TOLD + each.id, one_of=("no",)),
            shown_if=applies,
            min_length=10,
            max_length=500,
        )


def _field(
    id: str,
    label: str,
    kind: str,
    sensitivity: int = 3,
    *,
    required: bool = True,
    **but: object,
) -> Field:
    return Field(
        id=id,
        label=label,
        kind=kind,  # type: ignore[arg-type]
        required=required,
        sensitivity=Sensitivity(sensitivity),
        **but,  # type: ignore[arg-type]
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


GAPS = (1, 2, 2, 5)
"""Working days between one reminder and the next; the last is kept to for as long as nobody has answered (rule 8)."""


def gap_after(step: int) -> int:
    """Working days until the next reminder, after so many."""
    return GAPS[min(step, len(GAPS) - 1)]
