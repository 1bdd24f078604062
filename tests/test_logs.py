"""What a log may hold: ids, codes and our own words; never what a person wrote (IG-01, IG-32)."""

import ast
import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from log_lines import SECRET, Lines, listening

from bot.logs import ALLOWED, set_up_logs


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The logs as they would leave the process."""
    with listening() as heard:
        yield heard


def test_a_line_is_json_with_what_happened_and_to_which_id(lines: Lines):
    logging.getLogger("bot.courier.loop").warning("delivery put off", extra={"delivery": "d1", "attempt": 2})
    (line,) = lines()
    assert line.pop("timestamp")
    assert line == {
        "event": "delivery put off",
        "level": "warning",
        "logger": "bot.courier.loop",
        "delivery": "d1",
        "attempt": 2,
    }


def test_what_is_not_on_the_list_is_dropped(lines: Lines):
    logging.getLogger("bot.usecases").info(
        "referred", extra={"ref": "CV-7K4QMX", "subject": SECRET, "body": SECRET}
    )
    (line,) = lines()
    assert line["ref"] == "CV-7K4QMX"
    assert not {"subject", "body"} & set(line)


def test_what_is_filled_into_a_text_is_left_out(lines: Lines):
    logging.getLogger("bot.usecases").info("referred by %s", SECRET)
    assert lines()[0]["event"] == "referred by %s"


@pytest.mark.parametrize(
    "name",
    ["uvicorn.error", "aiohttp.client", "sqlalchemy.engine", "websockets.server", "slack_bolt", "bot.slack_sdk",
     "bot.handlers.slack.edge.bolt", "botany"],
)  # fmt: skip
def test_a_library_may_say_that_it_spoke_and_no_more(lines: Lines, name: str):
    logging.getLogger(name).warning("Unhandled request: %s", {"text": SECRET})
    logging.getLogger(name).error(f"body: {SECRET}")  # noqa: G004
    assert {line["event"] for line in lines()} == {f"{name} spoke"}


def test_an_error_is_told_by_its_kind(lines: Lines):
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("bot.app").exception("went wrong")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert line["event"] == "went wrong"


async def test_a_task_that_dies_alone_is_told_without_its_words(lines: Lines):
    async def dies() -> None:
        raise LookupError(SECRET)

    task = asyncio.create_task(dies())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {
            "message": f"Task exception was never retrieved: {SECRET}",
            "exception": task.exception(),
            "task": task,
        }
    )
    (line,) = lines()
    assert line["event"] == "asyncio spoke"
    assert line["error"] == "LookupError"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_told_without_its_words(lines: Lines):
    def dies() -> None:
        raise LookupError(SECRET)

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join()
    (line,) = lines()
    assert line["error"] == "LookupError"
    assert str(line["at"][-1]).startswith("test_logs.py:")  # type: ignore[index]


def test_a_process_that_dies_tells_what_and_where_and_quotes_nothing():
    """The interpreter's own trace would print the line of code and the error's text."""
    story = f"from bot.logs import ALLOWED, set_up_logs\nset_up_logs()\nsaid = {SECRET!r}\nraise RuntimeError(said)"
    died = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=False)
    assert died.returncode == 1
    assert "Qanary" not in died.stderr + died.stdout
    line = json.loads(died.stderr)
    assert (line["error"], line["level"]) == ("RuntimeError", "critical")


def test_quiet_libraries_are_heard_from_warnings_on(lines: Lines):
    logging.getLogger("slack_bolt").info("a whole request")
    assert lines() == []


def test_the_teams_sdk_is_held_back_also_where_everything_is_asked_for():
    """At DEBUG it writes whole activities, and its HTTP client the address of each conversation."""
    with listening() as heard:
        set_up_logs("DEBUG")
        for name in (
            "microsoft_teams.apps.app_process",
            "microsoft_teams.apps.http.http_server",
            "httpx",
            "msal",
        ):
            assert logging.getLogger(name).getEffectiveLevel() >= logging.INFO
            logging.getLogger(name).debug("Received activity: %s", {"text": SECRET})
        # what each client of the SDK's does when it is made
        sdk = logging.getLogger("microsoft_teams.common.http.client")
        logging.getLogger("httpx").setLevel(sdk.level)
        logging.getLogger("httpx").info("HTTP Request: POST https://smba.example/%s", SECRET)
        assert heard() == []


def test_a_line_that_cannot_be_written_is_lost_without_a_word(lines: Lines):
    """Python would print the line's text and values where the line itself could not be written."""
    logging.getLogger().handlers[0].setFormatter(logging.Formatter("%(nothing_of_that_name)s"))
    logging.getLogger("bot.app").info(SECRET)
    assert lines() == []


def test_a_library_that_set_up_its_own_way_out_loses_it():
    """uvicorn's own configuration writes past the root logger, words and all."""
    theirs, out = logging.getLogger("uvicorn.error"), io.StringIO()
    theirs.addHandler(logging.StreamHandler(out))
    theirs.propagate = False
    with listening() as heard:
        theirs.error(SECRET)
        assert [line["event"] for line in heard()] == ["uvicorn.error spoke"]
    assert out.getvalue() == ""


def test_what_the_program_says_in_its_log_is_kept():
    """A field that is not on the list is dropped without a word: whoever reads the line would never know."""
    said = {
        key.value: path.name
        for path in (Path(__file__).parents[1] / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(said) > 5
    assert {key: place for key, place in said.items() if key not in ALLOWED} == {}
    assert {"tenant", "workspace", "user"} <= ALLOWED  # who asked, where `explained` is told it
