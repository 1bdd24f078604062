"""Whether a mail server that we trust says who sent a mail: Authentication-Results (RFC 8601), by DMARC (RFC 7489)."""

import re
from collections.abc import Iterable

LONGEST = 8_000  # characters


def vouched_for(headers: Iterable[str], server: str, sender: str) -> bool:
    """Whether the topmost header of this server says that DMARC passed for the domain of `sender`.

    Only the topmost counts: the server writes its own above what came along, and takes away what claims to be it
    (RFC 8601 section 5). An empty `server` vouches for nobody.
    """
    for header in headers:
        parts = _bare(header)
        if parts and parts[0].split() and parts[0].split()[0].lower() == server.lower():
            passed = [part for part in parts[1:] if re.match(r"\s*dmarc\s*=", part, re.IGNORECASE)]
            return len(passed) == 1 and _passes(passed[0], sender.rpartition("@")[2])
    return False


def _passes(part: str, domain: str) -> bool:
    said = re.match(r"\s*dmarc\s*=\s*pass(?![\w-])", part, re.IGNORECASE)
    aligned = re.findall(r"(?<!\S)header\.from\s*=\s*([^\s;]+)", part, re.IGNORECASE)
    return bool(said and domain) and [each.lower() for each in aligned] == [domain.lower()]


def _bare(header: str) -> list[str]:
    """The header's parts without comments and quoted words, in which a sender may write what they like."""
    if len(header) > LONGEST:
        return []
    kept, depth, quoted, escaped = "", 0, False, False
    for letter in header:
        if escaped:
            escaped = False
        elif letter == "\\" and (quoted or depth):
            escaped = True
        elif letter == '"' and not depth:
            quoted = not quoted
            kept += '"'
        elif letter in "()" and not quoted:
            depth += 1 if letter == "(" else -1
            if depth < 0:
                return []
        elif not quoted and not depth:
            kept += letter
    return [] if quoted or depth else kept.split(";")
