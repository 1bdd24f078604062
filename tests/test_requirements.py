"""What the lock files hold is what pyproject.toml asks for, and what the program imports is what it declares."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
BUILD = [Requirement(each) for each in PROJECT["dependency-groups"]["build"]]
DEV = [Requirement(each) for each in PROJECT["project"]["optional-dependencies"]["dev"]]
LOCKS = {"requirements.lock": [*RUNTIME, *BUILD], "requirements-dev.lock": [*RUNTIME, *BUILD, *DEV]}

NOT_IMPORTED = {
    "psycopg": "SQLAlchemy imports it when DATABASE_URL says postgresql",
    "fontpkg-open-sans": "the letters of a PDF; fontpkg finds them by their name",
    "sniffio": "httpcore asks it which loop runs, at each step of a request",
    "tzdata": "zoneinfo reads it where the machine has no time zones",
    "websockets": "uvicorn speaks Socket Mode’s protocol with it in the local workspace",
}
"""Declared, and imported by nothing of ours; each with its reason."""

MACHINES = [
    {
        "sys_platform": system,
        "platform_system": name,
        "python_version": version,
        "python_full_version": f"{version}.1",
        "platform_machine": machine,
    }
    for system, name in (("linux", "Linux"), ("darwin", "Darwin"))
    for version in ("3.11", "3.12", "3.13")
    for machine in ("x86_64", "arm64", "aarch64")
]

Pin = tuple[Version, Marker | None]


@cache
def locked(name: str) -> dict[str, list[Pin]]:
    """What a lock file pins, by name; AssertionError for anything in it but pins with hashes."""
    pins: dict[str, list[Pin]] = {}
    for entry in re.split(r"\n(?=\S)", (ROOT / name).read_text().strip()):
        first, *hashes = [line.strip().removesuffix("\\").strip() for line in entry.splitlines()]
        pin = Requirement(first)
        (exactly,) = pin.specifier
        assert exactly.operator == "==", first
        assert hashes, first
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), first
        pins.setdefault(canonicalize_name(pin.name), []).append((Version(exactly.version), pin.marker))
    return pins


def on(machine: dict[str, str], pins: list[Pin]) -> list[Version]:
    """Which of these pins count on that machine."""
    return [version for version, marker in pins if marker is None or marker.evaluate(machine)]


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_satisfies_what_is_declared(name: str):
    pins = locked(name)
    for wanted in LOCKS[name]:
        for machine in MACHINES:
            found = on(machine, pins[canonicalize_name(wanted.name)])
            if wanted.marker is not None and not wanted.marker.evaluate(machine):
                assert found == [], f"{wanted} is not for {machine['platform_system']}; run make lock"
                continue
            (version,) = found
            assert wanted.specifier.contains(version, prereleases=True), f"{wanted}: {version}; run make lock"


@pytest.mark.parametrize("name", LOCKS)
def test_no_machine_is_told_two_versions_of_one_thing(name: str):
    for pinned, pins in locked(name).items():
        assert all(len(on(machine, pins)) <= 1 for machine in MACHINES), pinned


def test_a_mac_with_an_intel_processor_gets_what_has_a_wheel_for_it():
    """From 49 on there is none, and building it takes a Rust compiler."""
    for machine in MACHINES:
        (version,) = on(machine, locked("requirements.lock")["cryptography"])
        intel_mac = (machine["sys_platform"], machine["platform_machine"]) == ("darwin", "x86_64")
        assert (version < Version("49")) == intel_mac


def test_both_locks_say_the_same_of_what_both_hold():
    runtime, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: pin for name, pin in dev.items() if name in runtime} == runtime


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index(name: str):
    assert not re.search(r"://|--(?:extra-)?index|--find-links", (ROOT / name).read_text())


def test_whatever_is_imported_is_declared():
    """Also where another package happens to bring it."""
    declared = {canonicalize_name(each.name) for each in RUNTIME}
    homes = {
        name: {canonicalize_name(each) for each in found} for name, found in packages_distributions().items()
    }
    missing = {name for name in imported(ROOT / "bot") if not homes.get(name, set()) & declared}
    assert missing == set()


def test_whatever_is_declared_is_imported_or_has_its_reason():
    homes = packages_distributions()
    used = {canonicalize_name(home) for name in imported(ROOT / "bot") for home in homes.get(name, ())}
    idle = {canonicalize_name(each.name) for each in RUNTIME} - used
    assert idle == set(NOT_IMPORTED)


def imported(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"bot"}
