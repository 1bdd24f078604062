"""How the stand-in for Google says no: a status, a reason in the shape of Google's APIs, and sometimes a wait."""

from typing import Any

from bot.local.troubles import HttpRefuses

Json = dict[str, Any]


class GoogleRefuses(HttpRefuses):
    """The call is answered with this status; `retry_after` is in seconds."""

    def body(self) -> Json:
        """The answer's JSON."""
        said = self.why or self.code
        first = {"domain": "global", "reason": self.code, "message": said}
        return {"error": {"errors": [first], "code": self.status, "message": said}}


class TokenRefused(HttpRefuses):
    """No token: the status and the error of OAuth 2.0."""

    def body(self) -> Json:
        """The answer's JSON."""
        return {"error": self.code, "error_description": self.why or self.code}
