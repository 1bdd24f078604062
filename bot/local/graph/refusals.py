"""How the stand-in for Graph says no: a status, a code in OData's shape, and sometimes a wait."""

from bot.local.troubles import HttpRefuses


class GraphRefuses(HttpRefuses):
    """The call is answered with this status; `retry_after` is in seconds."""
