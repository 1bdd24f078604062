"""Where a Teams conversation is reached: kept with its tenant, and refused unless the host is Microsoft's."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

SERVICE_HOSTS = frozenset(
    {
        "smba.trafficmanager.net",
        "smba.infra.gcc.teams.microsoft.com",
        "smba.infra.gov.teams.microsoft.us",
        "smba.infra.dod.teams.microsoft.us",
    }
)
"""Where Teams' connectors are: the bot's bearer token goes nowhere else (teams.md section 4)."""

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What is stored of a conversation so that it can be written to; ids and an address, nothing said there.

    `conversation` may name a thread of a channel (`;messageid=`). `bot` is the bot's id there, 28:<app id>.
    """

    service_url: str
    conversation: str
    tenant: str
    bot: str


def is_service(url: str, hosts: Collection[str] = SERVICE_HOSTS) -> bool:
    """Whether a bearer token may be sent to this address: https, a host of the list, no name before it.

    This machine may be on the list, for the local workspace and for tests, and is then reached by http.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a port that is no number is found out here
    except ValueError:
        return False
    if host not in hosts or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
