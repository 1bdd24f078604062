"""The audit bundles of a case: who may take one, why, and until when."""

from datetime import date, datetime

from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, SAFETY, SPECIAL, _key, _of, _to


class CaseBundleRow(SQLModel, table=True):
    """That somebody may take the whole file of a case, once a coordinator has said why (S2-50, IG-29).

    `both_why` is why addresses that are kept apart are in it; empty, and it holds none (IG-21). It can be taken until
    the end of the day `until`, and is made anew each time from the record as it then stands.
    """

    __tablename__ = "case_bundle"

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    why: str = _of(SPECIAL)
    both_why: str = _of(SAFETY, default="")
    for_id: str = _to("person")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    until: date = _of(OPERATIONAL)


__all__ = [name for name in globals() if name.endswith("Row")]
