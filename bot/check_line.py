"""What `convenor check` says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One thing that was looked at."""

    fine: bool
    what: str
    said: str

    def __str__(self) -> str:
        return f"{'ok     ' if self.fine else 'MISSING'}  {self.what}: {self.said}"
