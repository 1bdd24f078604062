"""When each job of the clock last finished: what tells a live process from one that only looks alive."""

from datetime import datetime

from sqlmodel import Session

from bot.storage.engine import INSERT
from bot.storage.ledger_tables import Heartbeat


class Heartbeats:
    """One row a job."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def beat(self, job: str, *, at: datetime) -> None:
        """The job finished at this moment."""
        insert = INSERT[self.session.get_bind().dialect.name]
        row = insert(Heartbeat).values(job=job, at=at)
        self.session.execute(row.on_conflict_do_update(index_elements=["job"], set_={"at": at}))

    def last(self, job: str) -> datetime | None:
        """When the job last finished; None when it never did."""
        row = self.session.get(Heartbeat, job, populate_existing=True)
        return row.at if row else None
