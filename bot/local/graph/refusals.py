"""How the stand-in for Graph says no: a status, a code in OData's shape, and sometimes a wait."""

from typing import Any

Json = dict[str, Any]


class GraphRefuses(Exception):
    """The call is answered with this status; `retry_after` is in seconds."""

    def __init__(self, status: int, code: str, *, why: str = "", retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code} {why}".strip())
        self.status, self.code, self.why, self.retry_after = status, code, why, retry_after

    def body(self) -> Json:
        """The answer's JSON."""
        return {"error": {"code": self.code, "message": self.why or self.code}}

    def headers(self) -> dict[str, str]:
        """The answer's own headers."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
