"""Any use case as somebody's answer by a link in an e-mail: all that comes of it is written down as such."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from bot.storage.transaction import Begin, Work

P = ParamSpec("P")
T = TypeVar("T")


def by_mail(
    begin: Begin, usecase: Callable[Concatenate[Begin, P], T], /, *args: P.args, **but: P.kwargs
) -> T:
    """Run a use case as it is, each event of the audit with the way it came; a refused attempt's too (IG-29)."""

    @contextmanager
    def begin_by_mail() -> Iterator[Work]:
        with begin() as work:
            work.audit.way = "mail"
            yield work

    return usecase(begin_by_mail, *args, **but)
