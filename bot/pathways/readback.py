"""What a pathway file means, in sentences, so that whoever wrote it can read back what it says."""

from collections.abc import Iterator, Sequence

from bot.domain.criteria import All, Any, Count, Leaf, Node, Not, leaves
from bot.domain.pathway import Pathway, Rung, Stage
from bot.domain.workdays import Length, Unit

_WHEN = {"referral": "with the referral", "after_acceptance": "after it is accepted"}
_NATIONS = {
    "england-and-wales": "England and Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
}
_FAILS = {
    "chair_override_with_reason": "else the chair may go on, with a reason",
    "adjourn": "else the meeting is put off",
}
_REVIEW = {
    "rating_not_reduced": "when the rating has not fallen",
    "high_and_unmitigated": "when the risk is high and nothing mitigates it",
}
_THEN = {"relist": "the case goes back to the panel", "review": "there is another review"}
_ATTENDS = {
    "invited": "the person is invited",
    "views": "the person's views are heard",
    "never": "the person never attends",
}

_FIRST = "; it starts only when they come, or their views or why there are none are on record"


def length_words(length: Length) -> str:
    """A length as people say it: `3 working days`, `the same day`."""
    names = {Unit.WD: "working day", Unit.HOURS: "hour", Unit.DAYS: "day", Unit.MONTHS: "month"}
    if length.unit is Unit.SAME_DAY:
        return "the same day"
    return _so_many(length.n, names[length.unit])


def read_back(pathway: Pathway) -> list[tuple[str, list[str]]]:
    """Headings, each with its sentences, in the order in which a case meets them."""
    return [
        ("Days", [_days(pathway)]),
        ("Forms", list(_forms(pathway))),
        ("Threshold", [_tree(pathway.criteria)]),
        ("Triage", list(_triage(pathway))),
        ("Meetings", [_meeting(pathway, stage) for stage in pathway.stages]),
        ("Quorum", [_quorum(pathway)]),
        ("Actions", list(_actions(pathway))),
        ("Review", [_review(pathway)]),
        ("Closure", [_closure(pathway)]),
        ("Kept", [_kept(pathway)]),
    ]


def _days(pathway: Pathway) -> str:
    nation = _NATIONS.get(pathway.nation or "", "the UK" if pathway.nation else "the area's nation")
    clock = pathway.clock
    start = "its receipt" if clock.start == "received" else "its acceptance"
    cutoff = f"; after {clock.cutoff:%H:%M} it counts from the next working day" if clock.cutoff else ""
    rest = "counts at once" if clock.non_working_receipt == "as_is" else "counts from the next working day"
    return (
        f"Working days of {nation}, from the referral's {start.removeprefix('its ')}, until {clock.due:%H:%M} of the"
        f" last day{cutoff}; what comes when nobody works {rest}."
    )


def _forms(pathway: Pathway) -> Iterator[str]:
    for form in pathway.forms:
        fields = list(form.fields)
        must = sum(field.required for field in fields)
        some = sum(field.required_if is not None for field in fields)
        yield (
            f"{form.title}, {_WHEN[form.when]}: {_so_many(len(form.pages), 'page')},"
            f" {_so_many(len(fields), 'question')}, {must} of them always needed and {some} because of another answer."
        )


def _tree(node: Node) -> str:
    if isinstance(node, Leaf):
        return "One question, answered by a person."
    kind = {
        All: "All of these must be met",
        Any: "One of these must be met",
        Not: "This must not be the case",
    }.get(type(node))
    if isinstance(node, Count):
        kind = f"At least {node.at_least} of these must be met"
    parts = (node.of,) if isinstance(node, Not) else node.of
    named = "; ".join(_part(part) for part in parts)
    return (
        f"{kind}: {named}. {_so_many(len(list(leaves(node))), 'question')} in all, and a person answers each."
    )


def _part(node: Node) -> str:
    if isinstance(node, Leaf):
        return node.question[:1].lower() + node.question[1:]
    label = node.label or node.id or "a group"
    return f"{label[:1].lower()}{label[1:]} ({_so_many(len(list(leaves(node))), 'question')})"


def _triage(pathway: Pathway) -> Iterator[str]:
    triage = pathway.triage
    urgent = f", the same day where “{triage.same_day_if.field}” calls for it" if triage.same_day_if else ""
    yield f"Decided by {_role(pathway, triage.owner)} within {length_words(triage.due)}{urgent}."
    yield f"If not: {_ladder(pathway, triage.ladder)}."


def _meeting(pathway: Pathway, stage: Stage) -> str:
    by = f"within {length_words(stage.due)}" if stage.due else ""
    if stage.recurs is not None:
        rule = stage.recurs
        day = rule.weekday.capitalize()
        nth = {1: "first", 2: "second", 3: "third", 4: "fourth"}.get(rule.nth or 0, "")
        every = (
            f"on the {nth} {day} of each month" if rule.every == "month" else f"every {rule.every} on {day}"
        )
        by = f"{every} at {rule.at:%H:%M}" + (f", {by} for each case" if by else "")
    by = by or ("when the plan is due for review" if stage.kind == "review" else "with no date of its own")
    per = f", {stage.minutes_per_case} for each case" if stage.minutes_per_case else ""
    lead = ""
    if stage.list_closes_wd is not None:
        lead += f"; its list closes {_so_many(stage.list_closes_wd, 'working day')} before"
    if stage.agenda_out_wd is not None:
        lead += f"; its agenda goes out {_so_many(stage.agenda_out_wd, 'working day')} before"
    return (
        f"{stage.title} ({stage.kind}), owned by {_role(pathway, stage.owner)}, {by}: {stage.length} minutes{per}"
        f"{lead}; {_ATTENDS[stage.subject_attends]}{_FIRST if stage.views_first else ''}."
    )


def _quorum(pathway: Pathway) -> str:
    quorum = pathway.quorum
    must = ", ".join(agency.replace("_", " ") for agency in quorum.required)
    among = f", {must} among them" if must else ""
    invited = len(pathway.invite)
    fails = _FAILS.get(quorum.on_fail, quorum.on_fail)
    return f"{quorum.min_agencies} of the {invited} types of agency invited{among}; {fails}."


def _actions(pathway: Pathway) -> Iterator[str]:
    rules = pathway.actions
    yield (
        f"Accepted by its owner within {length_words(rules.acknowledge_within)}; up to"
        f" {_so_many(rules.extension_limit_wd, 'working day')} more is theirs to take, beyond that the chair decides."
    )
    yield f"As it comes due: {_ladder(pathway, pathway.ladder)}; then every week at the top until somebody ends it."


def _ladder(pathway: Pathway, ladder: Sequence[Rung]) -> str:
    return "; ".join(f"{_offset(rung.offset)} {_both(pathway, rung.to)}" for rung in ladder)


def _offset(offset: int) -> str:
    if offset == 0:
        return "on the day"
    return f"{_so_many(abs(offset), 'working day')} {'before' if offset < 0 else 'after'}"


def _both(pathway: Pathway, roles: Sequence[str]) -> str:
    return " and ".join(_role(pathway, role) for role in roles)


def _review(pathway: Pathway) -> str:
    rule = pathway.review
    when, then = _REVIEW.get(rule.when, rule.when), _THEN.get(rule.then, rule.then)
    return f"{when.capitalize()}, {then} within {length_words(rule.due)}."


def _closure(pathway: Pathway) -> str:
    rule = pathway.closure
    every = ", and every agency has to agree" if rule.all_agencies else ""
    return (
        f"Proposed by {_role(pathway, rule.by)} and nobody else, authorised by"
        f" {_both(pathway, rule.signatures)}{every};"
        " nothing closes by itself."
    )


def _kept(pathway: Pathway) -> str:
    kept = pathway.retention
    case = f"{length_words(kept.case)} after it is closed" if kept.case else "as long as the area's file says"
    return f"A case {case}; messages in chat {_so_many(kept.chat_days, 'day')}."


def _role(pathway: Pathway, id: str) -> str:
    return pathway.roles[id].title if id in pathway.roles else id


def _so_many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
