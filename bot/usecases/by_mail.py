"""Any use case as somebody's answer by a link in an e-mail: all that comes of it is written down as such."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.storage.transaction import Begin, Work
from bot.usecases.once import once

P = ParamSpec("P")
T = TypeVar("T")


def by_mail(
    begin: Begin, usecase: Callable[Concatenate[Begin, P], T], /, *args: P.args, **but: P.kwargs
) -> T:
    """Run a use case as it is, each event of the audit with the way it came; a refused attempt's too (IG-29)."""
    return usecase(_marked(begin), *args, **but)


def once_by_mail(
    begin: Begin,
    usecase: Callable[Concatenate[Begin, P], T],
    source: str,
    now: datetime,
    /,
    *args: P.args,
    **but: P.kwargs,
) -> T:
    """The same with a use case that overwrites what stands, once for each `source`: HeardBefore."""
    return once(_marked(begin), usecase, source, now, *args, **but)


def _marked(begin: Begin) -> Begin:
    @contextmanager
    def begin_by_mail() -> Iterator[Work]:
        with begin() as work:
            work.audit.way = "mail"
            yield work

    return begin_by_mail
