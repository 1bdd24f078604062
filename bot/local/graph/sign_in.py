"""The stand-in's own log-in: gives the one token that it knows, in the place of Microsoft's."""

from typing import Any

from azure.core.credentials import AccessToken

FAR_AHEAD = 4_000_000_000


class StandInSignIn:
    """Gives the token to whoever asks."""

    def __init__(self, token: str) -> None:
        self.token = token

    def prepare(self) -> None:
        """Nothing is to be made ready."""

    async def get_token(self, *scopes: str, **how: Any) -> AccessToken:
        """The token."""
        return AccessToken(self.token, FAR_AHEAD)

    async def roles(self) -> frozenset[str]:
        """Everything that is needed and no more."""
        return frozenset({"Calendars.ReadBasic.All", "Place.Read.All"})

    async def close(self) -> None:
        """Nothing is open."""
