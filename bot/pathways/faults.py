"""What is wrong with a pathway file, told so that its author can put it right: file, line, path, reason."""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One mistake; `line` counts from 1, `path` is written as in `stages.0.owner`.

    `remedy` says what to do about it and `example` shows a line that would do, both "" until somebody asks
    (`remedies`).
    """

    file: str
    line: int
    path: str
    reason: str
    remedy: str = ""
    example: str = ""

    def __str__(self) -> str:
        where = f" {self.path}:" if self.path else ""
        return f"{self.file}:{self.line}:{where} {self.reason}"


class BadPathway(ValueError):
    """A pathway file is refused; `faults` holds every mistake found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.path)))
        super().__init__("\n".join(map(str, self.faults)))
