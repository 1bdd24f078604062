"""The address to which replies go: one for all invitations, or one for each, which nobody can guess."""

import re
import secrets
from dataclasses import dataclass
from functools import cached_property

from bot.domain.replies import PLACE_OF_TOKEN

LONGEST_LOCAL = 64  # characters before the @ (RFC 5321 section 4.5.3.1.1)
_TOKEN = "[0-9a-f]{32}"  # noqa: S105 - the shape of one


def new_token() -> str:
    """128 random bits; in lower case, since some servers write addresses so."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class ReplyAddress:
    """An address as the settings give it, such as `convenor+{token}@example.org`; without the mark it is one for all.

    Raises ValueError for what can be no address.
    """

    pattern: str

    def __post_init__(self) -> None:
        local, at, domain = self.of("0" * 32).rpartition("@")
        fits = at and re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]+", local) and len(local) <= LONGEST_LOCAL
        if (
            not fits
            or not re.fullmatch(r"[\w-]+(\.[\w-]+)*", domain)
            or PLACE_OF_TOKEN in self.pattern.rpartition("@")[2]
        ):
            raise ValueError("should be one e-mail address, with {token} where each invitation has its own")

    def of(self, token: str) -> str:
        """Where the replies to one invitation go."""
        return self.pattern.replace(PLACE_OF_TOKEN, token)

    def tokens_in(self, headers: str) -> frozenset[str]:
        """The tokens of all such addresses in a text."""
        return (
            frozenset(self._own.findall(headers.lower())) if PLACE_OF_TOKEN in self.pattern else frozenset()
        )

    @cached_property
    def _own(self) -> re.Pattern[str]:
        before, _, after = self.pattern.lower().partition(PLACE_OF_TOKEN)
        return re.compile(rf"(?<![\w.+-]){re.escape(before)}({_TOKEN}){re.escape(after)}(?![\w.-])")
