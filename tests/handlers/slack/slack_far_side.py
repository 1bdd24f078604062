"""What stands on either side of Slack's edge in these tests: the program behind it, and Slack's answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from slack_payloads import Json

from bot.domain.people import Person, Role
from bot.handlers.slack.identity import SlackIdentity
from bot.render import Render

ADA = Person(
    id="ada", area="aldermere", agency_id="asc", name="Ada", email="ada@a.example", roles=frozenset(Role)
)
EVERYONE = {"U0ADA": ADA}


@dataclass
class Heard:
    """What Slack was asked, and what it shall answer: an error code a method, one answer each."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    address: str = ""

    def asked(self, method: str) -> list[Json]:
        return [what for name, what in self.calls if name == method]


@dataclass
class TestBot:
    """The part of the program that handlers ask; a use case runs where it stands."""

    __test__ = False
    render: Render
    contact: str = "the Aldermere safeguarding hub"
    looked_up: list[SlackIdentity] = field(default_factory=list)
    practice: Any = None
    diaries: Any = None

    def now(self) -> datetime:
        return datetime(2026, 4, 2, 9, 0, tzinfo=UTC)

    def paper_of(self, kind: str, form: str, id: str, person_id: str) -> str:
        return f"https://convenor.aldermere.example/answer/papers/{kind}.{form}.{id}.{person_id}"

    def picture_of(self, meeting_id: str, person_id: str) -> str:
        return f"https://convenor.example/times/{meeting_id}.{person_id}"

    async def person(self, who: SlackIdentity) -> Person | None:
        self.looked_up.append(who)
        return EVERYONE.get(who.user)

    async def run(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        return usecase(None, *args, **but)

    async def read(self, look: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        return look(None, *args, **but)
