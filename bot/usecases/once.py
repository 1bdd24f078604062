"""Any use case once for one command, however often its platform hands the command on (design rule 2)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.domain.errors import TooLate
from bot.storage.transaction import Begin, Work

P = ParamSpec("P")
T = TypeVar("T")


class HeardBefore(TooLate):
    """This very command was carried out before; whatever has changed since stays as it is now."""


def once(
    begin: Begin,
    usecase: Callable[Concatenate[Begin, P], T],
    source: str,
    now: datetime,
    /,
    *args: P.args,
    **but: P.kwargs,
) -> T:
    """Run a use case of one transaction, keeping the command's key `source` in that transaction.

    Raises HeardBefore when it came before. What the use case refuses is not kept: mended, it may be sent again.
    """
    key = f"{source}:{usecase.__name__}"

    @contextmanager
    def begin_new() -> Iterator[Work]:
        with begin() as work:
            if work.inbox.answer_to(key) is not None:
                raise HeardBefore("This was saved already. Nothing has been done twice.")
            yield work
            work.inbox.remember(key, "", at=now)

    return usecase(begin_new, *args, **but)
