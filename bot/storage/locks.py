"""One process a file: a second bot on the same SQLite database is refused at the start."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.storage.engine import address, is_in_memory


class AlreadyRunning(Exception):
    """Another process has this database open for writing."""


@contextmanager
def only_process(url: str) -> Iterator[None]:
    """Hold the database for this process; AlreadyRunning when another holds it. On PostgreSQL, nothing.

    The lock is on a file beside the database: opening and closing the database itself a second time would
    drop SQLite's own locks on it. The kernel lets it go when the process ends, however it ends.
    """
    parsed = address(url)
    if parsed.get_backend_name() != "sqlite" or is_in_memory(parsed):
        yield
        return
    path = Path(f"{parsed.database}.lock")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(f"{path.name} is held: the bot is running on this file already") from error
        yield
