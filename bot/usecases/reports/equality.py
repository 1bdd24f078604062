"""Who the cases heard were about, for the quarterly return: totals, from the forms' own questions (SafeLives, T26).

A question is found by its field's id, on whatever pathway asks it. What was not asked is not a "no" (design rule 7).
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.forms import UNKNOWN
from bot.domain.suppression import Lists, lists
from bot.usecases.reports.figures import Scope
from bot.views.reports import Table

FIELDS = (
    "ethnicity",
    "disability",
    "characteristics",
    "lgbt",
    "gender",
    "harmer_under_18",
    "children",
    "born",
    "age_estimate",
)
"""The fields that are looked for; free text among them is only sorted into groups, never passed on."""

Said = Mapping[str, str | None]

NOT_SAID = "Not asked, or not known"
GROUPS = (
    ("Asian or Asian British", ("asian", "bangladeshi", "chinese", "indian", "pakistani")),
    ("Black, Black British, Caribbean or African", ("black", "african", "caribbean")),
    ("Mixed or multiple", ("mixed", "multiple", "dual")),
    ("Other", ("arab", "other")),
    ("White", ("white", "english", "welsh", "scottish", "irish", "gypsy", "roma", "traveller", "british")),
)
"""The census's five groups, with words by which a description is sorted, the first that fits."""


def broken_down(scope: Scope) -> tuple[Table, ...]:
    """Each breakdown of the cases heard, all published together: whoever lays them side by side learns nothing more."""
    names = scope.tallies.agencies()
    counts: dict[str, Counter[str]] = {title: Counter() for title, _, _ in BREAKDOWNS}
    repeats, pathways, total = Counter[str](), Counter[str](), 0
    for pathway, again, received, said in scope.tallies.heard(FIELDS):
        total += 1
        repeats["Came before" if again else "New"] += 1
        pathways[pathway] += 1
        for title, _, sort in BREAKDOWNS:
            counts[title][sort(said, scope.practice, received)] += 1
    if not total:
        return (Table(title="Cases heard", columns=("Cases", "Number"), rows=(), empty="No case was heard."),)
    agencies = Counter[str]()
    for id, number in scope.tallies.heard_from().items():
        agencies[names.get(id, "An agency that has left")] += number
    titles = {each.id: each.title for each in scope.practice.pathways.values()}
    found: list[tuple[str, list[str], Counter[str]]] = [
        ("Repeats", ["Came before", "New"], repeats),
        ("Who referred", sorted(agencies), agencies),
        *((title, list(order), counts[title]) for title, order, _ in BREAKDOWNS),
    ]
    if len(pathways) > 1:
        by_title = Counter({titles.get(id, id): number for id, number in pathways.items()})
        found.insert(0, ("Pathway", sorted(by_title), by_title))
    published: Lists = lists(total, [[numbers[name] for name in order] for _, order, numbers in found])
    tables = [
        Table(
            title=title,
            columns=(title, "Cases"),
            rows=tuple((name, str(shown)) for name, shown in zip(order, row, strict=True)),
        )
        for (title, order, _), row in zip(found, published.lists, strict=True)
    ]
    heard = Table(title="Cases heard", columns=("", "Cases"), rows=(("Cases heard", str(published.total)),))
    return (heard, *tables)


def _ethnicity(said: Said, practice: Practice, received: datetime) -> str:
    words = (said["ethnicity"] or "").lower()
    if not words or words == UNKNOWN:
        return NOT_SAID
    return next((group for group, signs in GROUPS if any(sign in words for sign in signs)), "In other words")


def _yes_no(field: str) -> Callable[[Said, Practice, datetime], str]:
    def sort(said: Said, practice: Practice, received: datetime) -> str:
        return {"yes": "Yes", "no": "No"}.get(said[field] or "", NOT_SAID)

    return sort


def _disability(said: Said, practice: Practice, received: datetime) -> str:
    if said["disability"]:
        return {"yes": "Yes", "no": "No"}.get(said["disability"], NOT_SAID)
    return "Yes" if "disability" in _several(said["characteristics"]) else NOT_SAID


def _several(answer: str | None) -> list[str]:
    if not answer or not answer.startswith("["):
        return [answer] if answer else []
    found = json.loads(answer)
    return [str(each) for each in found]


def _gender(said: Said, practice: Practice, received: datetime) -> str:
    return {"woman": "Women", "man": "Men", "another": "Another"}.get(said["gender"] or "", NOT_SAID)


def _children(said: Said, practice: Practice, received: datetime) -> str:
    answer = said["children"]
    if answer is None:
        return "Not asked on this pathway"
    return "No children known" if answer in ("", UNKNOWN) else "Children affected"


def _age(said: Said, practice: Practice, received: datetime) -> str:
    age = _age_on(said, practice.today(received))
    if age is None:
        return NOT_SAID
    return "Under 18" if age < 18 else "18 or over"


def _age_on(said: Said, day: date) -> int | None:
    try:
        born = date.fromisoformat(said["born"] or "")
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    except ValueError:  # not known: the estimate then
        estimate = said["age_estimate"] or ""
        return int(estimate) if estimate.isdecimal() else None


YES_NO = ("Yes", "No", NOT_SAID)
BREAKDOWNS: tuple[tuple[str, tuple[str, ...], Callable[[Said, Practice, datetime], str]], ...] = (
    ("Ethnicity", (*(group for group, _ in GROUPS), "In other words", NOT_SAID), _ethnicity),
    ("Disabled", YES_NO, _disability),
    ("Lesbian, gay, bisexual or trans", YES_NO, _yes_no("lgbt")),
    ("Gender", ("Women", "Men", "Another", NOT_SAID), _gender),
    ("Age when the concern came in", ("Under 18", "18 or over", NOT_SAID), _age),
    ("Person causing harm under 18", YES_NO, _yes_no("harmer_under_18")),
    ("Children", ("Children affected", "No children known", "Not asked on this pathway"), _children),
)
"""What is broken down: its title, the groups in order, and how an answer is sorted into one."""
