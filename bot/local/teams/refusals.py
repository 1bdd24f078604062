"""How the stand-in connector says no: a status, a code in the Bot Framework's shape, and sometimes a wait."""

from bot.local.troubles import HttpRefuses


class ConnectorRefuses(HttpRefuses):
    """The call is answered with this status; `retry_after` is in seconds."""
