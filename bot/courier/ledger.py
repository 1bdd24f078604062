"""The courier's units of work: each is one transaction on the ledger, run on a writing thread."""

from datetime import datetime
from typing import Any

from bot.courier.errand import Errand
from bot.storage.claims import Delivery
from bot.storage.transaction import Begin


def claim(begin: Begin, sweep: bool, **how: Any) -> list[Delivery]:
    with begin() as work:
        if sweep:
            work.claims.take_back_expired(now=how["now"], busy=how["busy"])
        return work.claims.take(**how)


def next_due(begin: Begin, now: datetime) -> datetime | None:
    with begin() as work:
        return work.claims.next_due(now)


def sent(
    begin: Begin, delivery: Delivery, errand: Errand, external_id: str | None, *, holder: str, at: datetime
) -> None:
    with begin() as work:
        if work.claims.sent(delivery, holder=holder, external_id=external_id, at=at):
            errand.record(work, delivery, external_id)


def later(
    begin: Begin,
    delivery: Delivery,
    *,
    holder: str,
    not_before: datetime,
    hold_until: datetime | None,
    error: str | None = None,
    external_id: str | None = None,
    tried: bool = True,
) -> None:
    with begin() as work:
        work.claims.later(
            delivery,
            holder=holder,
            not_before=not_before,
            error=error,
            external_id=external_id,
            tried=tried,
        )
        if hold_until and delivery.destination:
            work.claims.hold(delivery.destination, hold_until)


def dead(
    begin: Begin, delivery: Delivery, errand: Errand | None, reason: str, *, holder: str, at: datetime
) -> None:
    with begin() as work:
        if work.claims.dead(delivery, holder=holder, error=reason, at=at) and errand:
            errand.failed(work, delivery, reason)


def let_go(begin: Begin, holder: str) -> None:
    with begin() as work:
        work.claims.let_go(holder)
