"""What may be seen of a possible breach: by when it is decided, and what was decided; nothing of what was shared."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A recalled item for whoever decides; `verdict` in words, with who, when and why, once it is decided."""

    id: str
    ref: str
    from_agency: str
    recalled_at: datetime
    recalled_by: str
    why_recalled: str
    opened: int
    decide_by: datetime
    late: bool
    verdicts: tuple[tuple[str, str], ...]
    verdict: str
    reason: str
    decided_at: datetime | None
    decided_by: str
