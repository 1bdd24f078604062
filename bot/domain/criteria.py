"""Whether a concern meets a pathway's threshold: a tree of questions in three values (model.md section 4).

Every leaf is answered met, not or unclear, by a person. What the referral says to each leaf is only a
suggestion, and no verdict here accepts or rejects anything: software never decides risk (rule 4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.forms import Condition
from bot.domain.workdays import Length


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
    """A date given in a field lies within a window that ends today (T21)."""

    field: str
    within: Length


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
