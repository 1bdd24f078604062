"""What `convenor check` says of the calendars in Microsoft 365: which role or consent is missing, and who mends it."""

from collections.abc import AsyncIterator

import graph_town
import pytest
from graph_town import NINE, ORGANISER, GraphTown, gateway

from bot.calendars import graph_of
from bot.graph_checks import check_graph
from bot.settings import Settings

TENANT = "0b9e4d52-6f0a-4a2e-8b1c-77aa3d9cb222"
SECRET = "kL8~invented.Qp2-xYz_93"
GRAPH = {
    "GRAPH_APP_ID": "7f3a2c10-0d5b-4c43-9a3e-5d0c5be1a111",
    "GRAPH_TENANT_ID": TENANT,
    "GRAPH_MAILBOX": ORGANISER,
}
OF_A_SECRET = "Graph's sign-in (GRAPH_APP_PASSWORD)"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in (GRAPH | {"GRAPH_APP_PASSWORD": SECRET}).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def town() -> AsyncIterator[GraphTown]:
    async with graph_town.graph_town() as made:
        yield made


async def said(town: GraphTown, **how: object) -> dict[str, str]:
    """Every line, by what it is about."""
    lines = await check_graph(Settings(), NINE, lambda _: gateway(town.world, town.proof, **how))
    return {line.what: str(line) for line in lines}


async def test_nothing_is_said_where_nobody_asked_for_it(monkeypatch: pytest.MonkeyPatch):
    for name in (*GRAPH, "GRAPH_APP_PASSWORD"):
        monkeypatch.delenv(name)
    assert await check_graph(Settings(), NINE, graph_of) == []


async def test_what_works_is_told_and_nothing_is_written(town: GraphTown):
    lines = await said(town)
    assert lines[OF_A_SECRET] == f"ok       {OF_A_SECRET}: tenant {TENANT} gives Convenor a token"
    assert list(lines)[1:] == ["Graph's diaries", "Graph's meetings", "Graph's rooms"]
    assert [line for line in lines.values() if not line.startswith("ok")] == []
    assert {(call.method, call.path.rpartition("/")[2]) for call in town.world.calls} == {
        ("POST", "getSchedule"),
        ("GET", "events"),
        ("GET", "graph.room"),
        ("GET", "microsoft.graph.room"),
    }
    assert SECRET not in str(lines)


@pytest.mark.parametrize(
    ("lacks", "what", "grant"),
    [
        ("schedule", "Graph's diaries", "Calendars.ReadBasic.All"),
        ("list", "Graph's meetings", "Application Calendars.ReadWrite with a management scope"),
        ("rooms", "Graph's rooms", "Place.Read.All"),
    ],
)
async def test_each_missing_role_is_named_alone(town: GraphTown, lacks: str, what: str, grant: str):
    town.world.lacks = {lacks}
    lines = await said(town)
    assert lines[what].startswith("MISSING")
    assert grant in lines[what]
    assert [name for name, line in lines.items() if not line.startswith("ok")] == [what]


async def test_a_consent_for_every_mailbox_is_told(town: GraphTown):
    """Exchange's scope and Entra's consent are added together, so that the scope would limit nothing."""
    town.proof.consented = frozenset({"Calendars.ReadWrite", "Place.Read.All", "Calendars.ReadBasic.All"})
    line = (await said(town))["Graph's reach"]
    assert line.startswith("MISSING")
    assert "Calendars.ReadWrite: consented in Entra" in line
    assert "ReadBasic" not in line


async def test_a_refused_proof_is_told_with_what_to_do(town: GraphTown):
    town.proof.refuses = "AADSTS7000222"
    assert await said(town) == {
        OF_A_SECRET: f"MISSING  {OF_A_SECRET}: AADSTS7000222: the secret has ended: make a new one"
    }


async def test_a_microsoft_that_is_away_is_no_error_of_ours(town: GraphTown):
    town.proof.refuses = "ServiceRequestError"
    assert (await said(town))[OF_A_SECRET].endswith(": cannot be tried now (ServiceRequestError)")


async def test_a_certificate_that_proves_nothing_is_told_before_anybody_is_asked(
    town: GraphTown, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("GRAPH_APP_PASSWORD")
    monkeypatch.setenv("GRAPH_CERTIFICATE", "nowhere.pem")
    [line] = (await said(town)).values()
    assert "there is no such file" in line
    assert town.proof.asked == []


async def test_a_mailbox_that_is_not_there_is_told(town: GraphTown):
    del town.world.mailboxes[ORGANISER]
    lines = await said(town)
    assert "there is no mailbox of the address in GRAPH_MAILBOX" in lines["Graph's meetings"]


async def test_a_graph_that_is_away_is_no_fault_of_the_roles(town: GraphTown):
    town.world.fail(503, times=3)
    lines = await said(town)
    assert {line.rpartition(": ")[2] for what, line in lines.items() if what != OF_A_SECRET} == {
        "cannot be tried now (ErrorServerBusy)"
    }


@pytest.mark.parametrize("proof", ["GRAPH_CERTIFICATE", "GRAPH_TOKEN_FILE", "GRAPH_APP_PASSWORD"])
def test_each_proof_makes_a_way_to_the_calendars(monkeypatch: pytest.MonkeyPatch, proof: str):
    monkeypatch.delenv("GRAPH_APP_PASSWORD")
    monkeypatch.setenv(proof, SECRET)
    made = graph_of(Settings())
    assert made is not None
    assert made.mailbox == ORGANISER
