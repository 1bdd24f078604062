"""The command line: demo, run, migrate, check, register, pathway, report, audit, teams-package."""

import asyncio
import contextlib
import errno
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

T = TypeVar("T")

app = typer.Typer(
    name="convenor",
    help="Coordinates multi-agency risk management meetings from chat.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

DEMO_FILE, TOUR_FILE = Path("var/convenor.sqlite"), Path("var/tour.sqlite")


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over with new drill data.")] = False,
    tour: Annotated[
        bool,
        typer.Option("--tour", help="Play Ms B’s story by itself, from its start, in a file of its own."),
    ] = False,
    pace: Annotated[float, typer.Option(min=0, help="Stretches the pauses of the tour.")] = 1.0,
    http: Annotated[
        bool, typer.Option("--http", help="Deliver by signed HTTP instead of Socket Mode.")
    ] = False,
    port: Annotated[int, typer.Option(help="The port of the page.")] = 8400,
    file: Annotated[
        Path | None, typer.Option(help="Where the drill data is kept.", show_default=str(DEMO_FILE))
    ] = None,
) -> None:
    """Start the bot in the local workspace: no account, no token, invented people only."""
    from bot.demo import demo as run_demo
    from bot.logs import set_up_logs
    from bot.storage.locks import AlreadyRunning

    set_up_logs("WARNING")
    fresh, kept = fresh or (tour and file is None), file or (TOUR_FILE if tour else DEMO_FILE)
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(run_demo(kept, port=port, http=http, fresh=fresh, tour=pace if tour else None))
        except AlreadyRunning:
            _stop(f"The local workspace is running on {kept} already. Stop it first, or give another --file.")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            _stop(f"Port {port} is taken. Give another one with --port.")


@app.command()
def migrate() -> None:
    """Bring the database to the newest shape; a SQLite file is copied first."""
    from bot.settings import settings
    from bot.storage.engine import connect
    from bot.storage.migrate import migrate as upgrade

    copy = upgrade(connect(_or_exit(settings).database_url))
    typer.echo("The database is up to date." + (f" The file as it was: {copy}" if copy else ""))


@app.command()
def run() -> None:
    """Run the bot against a real Slack workspace."""
    from bot.logs import set_up_logs
    from bot.serve import serve
    from bot.settings import missing_for_slack, settings

    found = _or_exit(settings)
    if lacking := missing_for_slack(found):
        _stop("Convenor cannot start. Missing:", lacking)
    set_up_logs(found.log_level)
    _or_exit(lambda: asyncio.run(serve(found)))


@app.command()
def check() -> None:
    """Say in plain lines what is configured, what can be reached and what is missing."""
    from bot.checks import check_all
    from bot.settings import settings

    lines = asyncio.run(check_all(_or_exit(settings), _now()))
    for line in lines:
        typer.echo(str(line))
    raise typer.Exit(0 if all(line.fine for line in lines) else 1)


register = typer.Typer(help="The contact register.", no_args_is_help=True)
app.add_typer(register, name="register")


@register.command("import")
def register_import(
    file: Annotated[Path, typer.Argument(help="A CSV file; docs/register.example.csv shows the columns.")],
) -> None:
    """Add and update people by e-mail address; all of the file, or nothing."""
    from bot.practice import practice_of
    from bot.settings import settings
    from bot.storage.engine import connect
    from bot.storage.transaction import transactions
    from bot.usecases.register import import_register

    found = _or_exit(settings)
    practice = _or_exit(lambda: practice_of(found))
    if not file.is_file():
        _stop(f"There is no file {file}.")
    begin = transactions(connect(found.database_url))
    taken = _or_exit(
        lambda: import_register(
            begin, practice.area.id, file.read_text(encoding="utf-8-sig"), actor="cli", now=_now()
        )
    )
    typer.echo(f"{taken.added} added, {taken.changed} changed, {taken.same} as they were.")


@register.command("export")
def register_export(
    file: Annotated[Path, typer.Argument(help="The CSV file to write; it is not written over.")],
) -> None:
    """Write the register as a CSV file that can be imported again; cells that look like formulas are made harmless."""
    from bot.practice import practice_of
    from bot.settings import settings
    from bot.storage.engine import connect
    from bot.storage.transaction import transactions
    from bot.usecases.register_export import export_register

    found = _or_exit(settings)
    practice = _or_exit(lambda: practice_of(found))
    with transactions(connect(found.database_url))() as work:
        text = export_register(work, practice.area.id)
    try:
        with file.open("x", encoding="utf-8", newline="") as kept:
            kept.write(text)
    except FileExistsError:
        _stop(f"{file} is there already. Give another name.")
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"{text.count(chr(10)) - 1} people written to {file}. It holds names and telephone numbers.")


@app.command("teams-package")
def teams_package(
    file: Annotated[Path, typer.Argument(help="The zip to write.")],
    publisher: Annotated[str, typer.Option(help="Who publishes the app: your council or board.")],
    website: Annotated[str, typer.Option(help="A page about it, https://…")],
    privacy: Annotated[str, typer.Option(help="Its privacy notice, https://…")],
    terms: Annotated[str, typer.Option(help="Its terms of use, https://…")],
) -> None:
    """Write the app package for Microsoft Teams, for the bot of TEAMS_APP_ID."""
    from importlib.metadata import version

    from bot.settings import settings
    from bot.teams_package import Publisher, write_package

    found = _or_exit(settings)
    if found.teams_app_id is None:
        _stop("TEAMS_APP_ID is not set: it is the app (client) id of your bot.")
    pages = {"--website": website, "--privacy": privacy, "--terms": terms}
    if wrong := [name for name, address in pages.items() if not address.startswith("https://")]:
        _stop("Teams takes pages by https alone:", [f"{name} must begin with https://" for name in wrong])
    if not 0 < len(publisher) <= 32:
        _stop("--publisher must have 1 to 32 characters: Teams shows no more.")
    about = Publisher(name=publisher, website=website, privacy=privacy, terms=terms)
    try:
        write_package(file, found.teams_app_id, version("convenor"), about)
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}")
    typer.echo(
        f"Written to {file}. An administrator uploads it in the Teams admin centre, under Manage apps."
    )


@app.command()
def export(
    what: Annotated[str, typer.Argument(help="minutes, actions, pack, contacts, or case: its audit bundle.")],
    ref: Annotated[str, typer.Argument(help="A case, such as CV-7K4QMX; none for contacts.")] = "",
    as_: Annotated[
        str,
        typer.Option("--as", help="The e-mail address of whoever it is for, who must be allowed to have it."),
    ] = "",
    out: Annotated[Path | None, typer.Option(help="The file to write: .docx, .pdf, .csv, or .zip.")] = None,
    why: Annotated[
        str, typer.Option(help="What a case’s bundle is for; it stands in it and on the record.")
    ] = "",
    both_why: Annotated[
        str,
        typer.Option(help="Why addresses that are kept apart are needed in it; without it, all are masked."),
    ] = "",
) -> None:
    """Write a paper as a file, in somebody’s name and on the record: for a day on which the chat is down."""
    from bot.domain.errors import Refused
    from bot.exporting import WHAT
    from bot.exporting import export as write
    from bot.settings import settings

    if what not in WHAT:
        _stop(f"There is no such paper. Choose from {', '.join(WHAT)}.")
    if not as_:
        _stop("Say for whom it is: --as name@council.example. An administrator reads no case.")
    if out is None:
        _stop("Say where to write it: --out FILE, ending in .docx, .pdf, .csv, or .zip.")
    found = _or_exit(settings)
    try:
        size = _or_exit(lambda: write(found, what, ref, as_, out, _now(), why=why, both_why=both_why))
    except Refused as no:
        _stop(str(no))
    except OSError as error:
        _stop(f"{out} cannot be written: {error.strerror}")
    typer.echo(f"Written to {out}: {size} bytes. That {as_} has it is on the record.")


audit = typer.Typer(help="The record of who did what.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command("verify")
def audit_verify() -> None:
    """Follow every hash chain; say which row was changed, if any was (IG-29)."""
    from sqlmodel import Session

    from bot.settings import settings
    from bot.storage.audit import verify
    from bot.storage.engine import connect

    found = _or_exit(settings)
    key = found.audit_key.get_secret_value().encode() if found.audit_key else None
    with Session(connect(found.database_url)) as session:
        faults = verify(session, key)
    if faults:
        _stop("The audit does not hold:", [str(fault) for fault in faults])
    typer.echo("Every chain holds.")


pathway = typer.Typer(help="Pathway files.", no_args_is_help=True)
app.add_typer(pathway, name="pathway")


@pathway.command("check")
def pathway_check(
    file: Annotated[Path, typer.Argument(help="A pathway file (YAML), or a folder of them.")],
) -> None:
    """Explain every fault of a pathway file, with its line and what to do; or read back what the file means."""
    from bot.pathways.checking import check as check_pathways
    from bot.pathways.checking import told

    if not file.exists():
        _stop(f"There is no file {file}.")
    found = check_pathways(file)
    for number, each in enumerate(found):
        bad = each.pathway is None
        typer.echo("\n".join((*([""] if number else []), *told(each))), err=bad)
    raise typer.Exit(1 if any(each.pathway is None for each in found) else 0)


@pathway.command("schema")
def pathway_schema(
    file: Annotated[Path, typer.Argument(help="The file to write.")] = Path("docs/pathway.schema.json"),
) -> None:
    """Write the JSON Schema of pathway files, by which an editor completes and checks them."""
    from bot.pathways.schema import schema_text

    try:
        file.write_text(schema_text(), encoding="utf-8")
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}")
    typer.echo(f"Written to {file}.")


@pathway.command("simulate")
def pathway_simulate(
    file: Annotated[Path, typer.Argument(help="A pathway file (YAML).")],
    area: Annotated[Path | None, typer.Option(help="An area file: its nation and its closure days.")] = None,
    year: Annotated[int, typer.Option(min=2020, max=2100, help="The calendar year.")] = 2027,
    seed: Annotated[int, typer.Option(help="The same seed gives the same year.")] = 1,
    cases: Annotated[int, typer.Option(min=1, max=5000, help="Referrals in the year.")] = 370,
    behaviour: Annotated[
        Path | None, typer.Option(help="A YAML file of how people behave, one NAME: NUMBER a line.")
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One of those, such as action_late=0.4; again for more.")
    ] = None,
    plot: Annotated[
        list[Path] | None, typer.Option(help="Draw the year to this .svg or .png; again for both.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the numbers to this file.")] = None,
) -> None:
    """Try a pathway on a year of invented cases: deadlines met, dead ends, nudges, quorums, cases waiting."""
    from bot.pathways.area_file import read_area
    from bot.pathways.reader import SHIPPED, Pathways, read, read_all
    from bot.simulation.behaviour import behaviour_from
    from bot.simulation.files import as_json, drawn
    from bot.simulation.run import simulate
    from bot.simulation.tell import told

    for each in (file, area, behaviour):
        if each is not None and not each.is_file():
            _stop(f"There is no file {each}.")
    if odd := [str(each) for each in plot or () if each.suffix not in (".svg", ".png")]:
        _stop("A plot is an .svg or a .png:", odd)
    found = _or_exit(lambda: read(file))
    people = _or_exit(lambda: behaviour_from(behaviour, change or ()))
    where = (
        _or_exit(lambda: read_area(area, Pathways({**read_all(SHIPPED), found.id: found}))) if area else None
    )
    told_year = simulate(found, area=where, behaviour=people, year=year, seed=seed, cases=cases)
    for line in told(told_year):
        typer.echo(line)
    try:
        for each in plot or ():
            each.write_bytes(drawn(told_year, each.suffix))
            typer.echo(f"Drawn to {each}.")
        if json is not None:
            json.write_text(as_json(told_year), encoding="utf-8")
            typer.echo(f"Written to {json}.")
    except OSError as error:
        _stop(f"That cannot be written: {error.strerror}")


@app.command()
def report(
    kind: Annotated[
        str,
        typer.Argument(help="board, inspector, tender, return, out-of-hours or audit-sample."),
    ],
    out: Annotated[Path, typer.Option(help="The folder to write to; it is made if there is none.")],
    first: Annotated[
        str, typer.Option("--from", help="The first day, 2026-01-01; without it, the last whole quarter.")
    ] = "",
    last: Annotated[str, typer.Option("--to", help="The last day, 2026-03-31.")] = "",
    pathway: Annotated[str, typer.Option(help="One pathway by its name; without it, all of them.")] = "",
    ref: Annotated[str, typer.Option(help="The action that asks for this report, such as 1.2.6b.")] = "",
    seed: Annotated[str, typer.Option(help="For audit-sample: the same seed draws the same cases.")] = "",
    number: Annotated[int, typer.Option(min=1, help="For audit-sample: how many cases.")] = 10,
) -> None:
    """Write a report: a page, its figures as CSV, its plots. Small numbers are hidden, nobody is named."""
    from bot.domain.errors import Invalid, NotFound
    from bot.domain.period import Period, last_quarter
    from bot.practice import practice_of
    from bot.render import Render
    from bot.reporting import write_report
    from bot.settings import settings
    from bot.storage.engine import connect
    from bot.storage.transaction import transactions
    from bot.usecases.reports.make import make_report

    found = _or_exit(settings)
    practice = _or_exit(lambda: practice_of(found))
    if bool(first) != bool(last):
        _stop("Give both --from and --to, or neither of them.")
    try:
        period = last_quarter(practice.today(_now()))
        if first:
            period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    except ValueError:
        _stop("Give --from and --to as days, such as 2026-01-01, the earlier one first.")
    begin = transactions(
        connect(found.database_url),
        chain_key=found.audit_key.get_secret_value().encode() if found.audit_key else None,
    )
    try:
        made = make_report(
            begin,
            practice,
            kind,
            period,
            pathway,
            by="cli",
            now=_now(),
            reference=ref,
            seed=seed,
            number=number,
        )
    except Invalid as wrong:
        _stop("That report cannot be made:", list(wrong.problems.values()))
    except NotFound as unknown:
        _stop(str(unknown))
    try:
        written = write_report(made, out, Render())
    except OSError as error:
        _stop(f"{out} cannot be written to: {error.strerror}")
    for path in written:
        typer.echo(str(path))
    if made.blanks:
        typer.echo(f"Left for a person to write: {', '.join(made.blanks)}.")


def _or_exit(does: Callable[[], T]) -> T:
    """What it gives; or its faults, told plainly, and exit code 1."""
    from bot.pathways.faults import BadPathway
    from bot.practice import CannotStart
    from bot.settings import BadSettings
    from bot.usecases.register import BadRegister

    try:
        return does()
    except (BadPathway, BadRegister, BadSettings, CannotStart) as bad:
        _stop("That cannot be used:", str(bad).splitlines())


def _stop(headline: str, lines: Sequence[str] = ()) -> NoReturn:
    typer.echo(headline, err=True)
    for line in lines:
        typer.echo(f"  {line}", err=True)
    raise typer.Exit(1)


def _now() -> datetime:
    return datetime.now(UTC)
