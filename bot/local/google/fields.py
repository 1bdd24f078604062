"""The part of an answer that was asked for: `id,items(id,attendees(email))`, as Google's `fields` has it."""

import re
from typing import Any

from bot.local.google.refusals import GoogleRefuses

Wanted = dict[str, "Wanted"]
_MARK = re.compile(r"[A-Za-z*]\w*|[(),]")


def selected(answer: Any, fields: str) -> Any:
    """What is left of the answer; all of it where nothing was said."""
    return _kept(answer, _parsed(fields)) if fields else answer


def _kept(answer: Any, wanted: Wanted) -> Any:
    if isinstance(answer, list):
        return [_kept(each, wanted) for each in answer]
    if not wanted or not isinstance(answer, dict):
        return answer
    return {name: _kept(answer[name], inner) for name, inner in wanted.items() if name in answer}


def _parsed(fields: str) -> Wanted:
    marks = _MARK.findall(fields)
    if "".join(marks) != fields:
        raise _refused()
    open_ones: list[Wanted] = [{}]
    last: Wanted | None = None
    for mark in marks:
        if mark == "(":
            if last is None:
                raise _refused()
            open_ones.append(last)
            last = None
        elif mark == ")":
            open_ones.pop()
            if not open_ones:
                raise _refused()
            last = None
        elif mark != ",":
            last = open_ones[-1].setdefault(mark, {})
    if len(open_ones) != 1:
        raise _refused()
    return open_ones[0]


def _refused() -> GoogleRefuses:
    return GoogleRefuses(400, "invalidParameter", why="Invalid field selection")
