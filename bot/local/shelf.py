"""Keeps the local workspace over a restart: one table of JSON items in an SQLite file, written behind."""

import json
import queue
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Write = tuple[str, str, str | None]


class Shelf:
    """Items by kind and id. Without a path nothing is kept.

    Writes leave the caller at once and reach the file within milliseconds, in short transactions of a
    thread of their own: the file is also the bot's, and its writer must never wait for a demo.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._writes: queue.SimpleQueue[Write | threading.Event | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as db:
                db.execute(
                    "CREATE TABLE IF NOT EXISTS local_item"
                    " (kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
                )
            self._thread = threading.Thread(target=self._write_behind, name="local-shelf", daemon=True)
            self._thread.start()

    def all(self, kind: str) -> dict[str, Json]:
        """Every item of a kind by its id, in the order in which they were first put."""
        if self.path is None:
            return {}
        self.flush()
        with self._open() as db:
            rows = db.execute("SELECT id, body FROM local_item WHERE kind = ? ORDER BY rowid", (kind,))
            return {id_: json.loads(body) for id_, body in rows}

    def put(self, kind: str, id_: str, body: Json) -> None:
        """Keep an item as it is now."""
        if self._thread is not None:
            self._writes.put((kind, id_, json.dumps(body, ensure_ascii=False)))

    def drop(self, kind: str, id_: str) -> None:
        """Forget an item."""
        if self._thread is not None:
            self._writes.put((kind, id_, None))

    def flush(self) -> None:
        """Return when everything put so far is in the file."""
        if self._thread is not None:
            done = threading.Event()
            self._writes.put(done)
            done.wait()

    def close(self) -> None:
        """Write what is left and stop."""
        if self._thread is not None:
            self._writes.put(None)
            self._thread.join()
            self._thread = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(str(self.path), timeout=10, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            yield db

    def _write_behind(self) -> None:
        with self._open() as db:
            while (first := self._writes.get()) is not None:
                batch: list[Write | threading.Event] = [first]
                last = False
                while not self._writes.empty() and not last:
                    more = self._writes.get()
                    last = more is None
                    if more is not None:
                        batch.append(more)
                self._write(db, [one for one in batch if isinstance(one, tuple)])
                for one in batch:
                    if isinstance(one, threading.Event):
                        one.set()
                if last:
                    return

    def _write(self, db: sqlite3.Connection, writes: list[Write]) -> None:
        if not writes:
            return
        while True:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:  # the bot's writer has been busy for ten seconds: ask again
                continue
            break
        for kind, id_, body in writes:
            if body is None:
                db.execute("DELETE FROM local_item WHERE kind = ? AND id = ?", (kind, id_))
            else:
                db.execute(
                    "INSERT INTO local_item (kind, id, body) VALUES (?, ?, ?)"
                    " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                    (kind, id_, body),
                )
        db.execute("COMMIT")
