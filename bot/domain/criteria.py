"""Whether a concern meets a pathway's threshold: a tree of questions in three values (model.md section 4).

Every leaf is answered met, not or unclear, by a person. What the referral says to each leaf is only a
suggestion, and no verdict here accepts or rejects anything: software never decides risk (rule 4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.answers import a_date, a_number
from bot.domain.questions import Answers, Condition, chosen
from bot.domain.risktools import Score
from bot.domain.workdays import Length, Unit, months_after


class Verdict(StrEnum):
    """Met, not met, or not clear yet."""

    MET = "met"
    NOT = "not"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class AnswerSays:
    """A field's answer speaks to a criterion: `met_if` and `not_if` are tried in that order."""

    met_if: Condition
    not_if: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class NumberSays:
    """A number given in a field, such as incidents within the last 12 months, reaches a mark."""

    field: str
    at_least: int


@dataclass(frozen=True, kw_only=True)
class ToolSays:
    """The pathway's risk tool reaches a score. A low score says "not" to this one question, nothing more."""

    at_least: int


@dataclass(frozen=True, kw_only=True)
class DateSays:
    """A date given in a field lies within a window of months or days that ends today, both ends in (T21)."""

    field: str
    within: Length
    not_if: Condition | None = None


Says = AnswerSays | NumberSays | ToolSays | DateSays


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One question of the threshold. `source` is the requirement it comes from, such as S3-09."""

    id: str
    question: str
    source: str = ""
    evidence_required: bool = False
    says: Says | None = None


@dataclass(frozen=True, kw_only=True)
class All:
    """Met when every part is met."""

    of: tuple["Node", ...]
    id: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Any:
    """Met when one part is met."""

    of: tuple["Node", ...]
    id: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Not:
    """Met when its part is not, as in a capacity gate."""

    of: "Node"
    id: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Count:
    """Met when at least so many parts are met."""

    of: tuple["Node", ...]
    at_least: int
    id: str = ""
    label: str = ""


Node = All | Any | Not | Count | Leaf


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a person found for one leaf; `evidence` points at what shows it, such as a field id."""

    verdict: Verdict
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """A node's verdict with those of its parts, in the shape of the tree."""

    node: Node
    verdict: Verdict
    parts: tuple["Result", ...] = ()
    evidence: str = ""


def leaves(node: Node) -> Iterator[Leaf]:
    """Every question of the tree, in the order of the file."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from leaves(node.of)
    else:
        for part in node.of:
            yield from leaves(part)


def evaluate(node: Node, findings: Mapping[str, Finding]) -> Result:
    """The tree's verdict under Kleene's strong logic; a leaf without a finding is unclear."""
    if isinstance(node, Leaf):
        finding = findings.get(node.id, Finding(verdict=Verdict.UNCLEAR))
        return Result(node=node, verdict=finding.verdict, evidence=finding.evidence)
    if isinstance(node, Not):
        part = evaluate(node.of, findings)
        return Result(node=node, verdict=_OPPOSITE[part.verdict], parts=(part,))
    parts = tuple(evaluate(part, findings) for part in node.of)
    need = {All: len(parts), Any: 1}.get(type(node)) if not isinstance(node, Count) else node.at_least
    assert need is not None
    return Result(node=node, verdict=_at_least(need, parts), parts=parts)


_OPPOSITE = {Verdict.MET: Verdict.NOT, Verdict.NOT: Verdict.MET, Verdict.UNCLEAR: Verdict.UNCLEAR}


def _at_least(need: int, parts: tuple[Result, ...]) -> Verdict:
    met = sum(part.verdict is Verdict.MET for part in parts)
    unclear = sum(part.verdict is Verdict.UNCLEAR for part in parts)
    if met >= need:
        return Verdict.MET
    return Verdict.NOT if met + unclear < need else Verdict.UNCLEAR


def suggest(node: Node, answers: Answers, *, today: date, score: Score | None = None) -> dict[str, Verdict]:
    """What the referral's answers say to each leaf, by leaf id. A suggestion: a person decides (rule 4).

    `score` is the risk tool's, None where it was not used. Whatever was left blank or unknown is unclear.
    """
    return {leaf.id: _said(leaf.says, answers, today, score) for leaf in leaves(node)}


def lacking_evidence(result: Result) -> Iterator[Leaf]:
    """The leaves found to be met for which the pathway wants evidence and none is pointed at."""
    leaf = result.node
    if isinstance(leaf, Leaf) and leaf.evidence_required and result.verdict is Verdict.MET:
        yield from () if result.evidence.strip() else (leaf,)
    for part in result.parts:
        yield from lacking_evidence(part)


def _said(says: Says | None, answers: Answers, today: date, score: Score | None) -> Verdict:
    if isinstance(says, AnswerSays):
        if says.met_if.holds(answers):
            return Verdict.MET
        return _not_if(says.not_if, answers)
    if isinstance(says, NumberSays):
        numbers = [
            number for text in chosen(answers.get(says.field)) if (number := a_number(text)) is not None
        ]
        return _met(numbers[0] >= says.at_least) if numbers else Verdict.UNCLEAR
    if isinstance(says, DateSays):
        days = [day for text in chosen(answers.get(says.field)) if (day := a_date(text))]
        return _met(today <= _end(days[0], says.within)) if days else _not_if(says.not_if, answers)
    if isinstance(says, ToolSays) and score is not None:
        if score.yes >= says.at_least:
            return Verdict.MET
        return Verdict.NOT if score.at_most < says.at_least else Verdict.UNCLEAR
    return Verdict.UNCLEAR


def _met(claim: bool) -> Verdict:
    return Verdict.MET if claim else Verdict.NOT


def _not_if(condition: Condition | None, answers: Answers) -> Verdict:
    return Verdict.NOT if condition is not None and condition.holds(answers) else Verdict.UNCLEAR


def _end(start: date, window: Length) -> date:
    if window.unit is Unit.MONTHS:
        return months_after(start, window.n)
    return start + timedelta(days=window.n)
