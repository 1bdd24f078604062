"""`convenor demo` says plainly what stands in its way (issue 2, Two commands)."""

from typer.testing import CliRunner

from bot.cli import app
from bot.storage.locks import only_process


def test_a_second_demo_on_the_same_file_is_told_so_and_takes_nothing_away(tmp_path):
    file = tmp_path / "drill.sqlite"
    file.write_bytes(b"somebody else's")
    with only_process(f"sqlite:///{file}"):
        told = CliRunner().invoke(app, ["demo", "--fresh", "--file", str(file)])
    assert told.exit_code == 1
    assert "is running on" in told.stderr
    assert file.read_bytes() == b"somebody else's"
