"""A year of invented cases, written straight into SQLite: as many as are asked for, always the same ones."""

import json
import random
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.area import Area, Practice
from bot.domain.period import Period
from bot.domain.workdays import Nation
from bot.pathways.reader import read_all
from bot.storage.engine import connect
from bot.storage.migrate import migrate

YEAR = Period(first=date(2025, 1, 1), last=date(2025, 12, 31))
NOW = datetime(2026, 1, 12, 10, tzinfo=UTC)
AGENCIES = (
    "Aldermere Council Adult Social Care",
    "Aldermere Police",
    "Vale Community Health",
    "Aldermere Homes",
    "Lower Vale Fire and Rescue",
    "Kindly Company",
    "Probation for Aldermere and the Vale",
    "Harbour Drug and Alcohol Service",
)


def practice() -> Practice:
    """Aldermere with every shipped pathway."""
    pathways = read_all()
    area = Area(
        id="aldermere",
        name="Aldermere",
        nation=Nation.ENGLAND_AND_WALES,
        pathways=tuple(pathways),
        out_of_hours="Ring the emergency duty team; the number is on the intranet’s first page.",
        rooms={"board": "C0BOARD"},
        drill=True,
    )
    return Practice(area=area, pathways=pathways)


def fill(path: Path, cases: int, seed: int = 1) -> None:
    """So many cases over the year, with all that belongs to them, in a new file."""
    engine = connect(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = OFF")
    _Year(db, random.Random(seed), cases).write()
    db.commit()
    db.execute("ANALYZE")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


class _Year:
    def __init__(self, db: sqlite3.Connection, dice: random.Random, cases: int) -> None:
        self.db, self.dice, self.cases = db, dice, cases
        self.rows: dict[str, list[dict[str, object]]] = {}

    def add(self, table: str, **values: object) -> None:
        self.rows.setdefault(table, []).append(values)

    def write(self) -> None:
        self._register()
        pathways = list(read_all().values())
        for n in range(self.cases):
            self._case(n, pathways[n % len(pathways)])
            if n % 500 == 499:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        for table, rows in self.rows.items():
            columns = {name: kind for _, name, kind, *_ in self.db.execute(f"PRAGMA table_info({table})")}
            needed = {
                name: 0 if kind in ("INTEGER", "BOOLEAN") else "[]" if kind == "JSON" else ""
                for _, name, kind, required, *_ in self.db.execute(f"PRAGMA table_info({table})")
                if required
            }
            names = list(columns)
            self.db.executemany(
                f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})",
                [[_plain({**needed, **row}.get(name)) for name in names] for row in rows],
            )
        self.rows = {}

    def _register(self) -> None:
        for n, name in enumerate(AGENCIES):
            self.add("agency", id=f"a{n}", area="aldermere", slug=f"a{n}", name=name, type="health")
            self.add(
                "person",
                id=f"p{n}",
                area="aldermere",
                agency_id=f"a{n}",
                name=f"Invented Person {n}",
                title="Safeguarding lead",
                email=f"p{n}@example.test",
                phone="on the intranet",
                roles=json.dumps(["agency_lead", "coordinator", "chair", "board"]),
                pattern="{}",
                active=1,
                slack_team="T0",
                slack_user=f"U{n}",
                zone="Europe/London",
            )

    def _case(self, n: int, pathway: object) -> None:
        dice, id = self.dice, f"{n:06d}"
        received = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 24 * 60))
        decided = received + timedelta(hours=dice.expovariate(1 / 20))
        state = dice.choices(("accepted", "not_accepted", "redirected", "triage"), (80, 10, 8, 2))[0]
        answers = {
            "incident_on": (received - timedelta(days=dice.randrange(14))).date().isoformat(),
            "ethnicity": dice.choice(["White British", "Black African", "British Pakistani", "unknown"]),
            "disability": dice.choice(["yes", "no", "unknown"]),
            "lgbt": dice.choices(["yes", "no", "unknown"], (5, 70, 25))[0],
            "gender": dice.choices(["woman", "man", "unknown"], (80, 15, 5))[0],
            "harmer_under_18": dice.choices(["yes", "no", "unknown"], (1, 90, 9))[0],
            "children": dice.choice(["unknown", "two at primary school"]),
            "born": date(2025 - dice.randrange(17, 80), 6, 1).isoformat(),
            "concern": "an invented story, " * 60,
        }
        common = {"area": "aldermere", "pathway": pathway.id, "pathway_version": pathway.version, "drill": 1}
        self.add(
            "referral",
            **common,
            id=f"r{id}",
            ref=f"CV-{id}",
            agency_id=f"a{dice.randrange(len(AGENCIES))}",
            referrer_id="p0",
            state=state,
            answers=json.dumps(answers),
            source=f"bench:{id}",
            received_at=received,
            triage_due_on=received.date(),
            triage_due_at=received,
            urgent=int(dice.random() < 0.2),
            version=1,
        )
        if state == "triage":
            return
        self.add(
            "triage",
            id=f"t{id}",
            referral_id=f"r{id}",
            outcome="accept" if state == "accepted" else "redirect",
            reason="invented",
            criteria="{}",
            by_id="p0",
            at=decided,
        )
        if state == "accepted":
            self._opened(n, pathway, common, received, decided)

    def _opened(
        self, n: int, pathway: object, common: dict[str, object], received: datetime, decided: datetime
    ) -> None:
        dice, id = self.dice, f"{n:06d}"
        self.add(
            "case_file",
            **common,
            id=f"c{id}",
            ref=f"CV-{id}",
            nation="england-and-wales",
            referral_id=f"r{id}",
            state="plan_active",
            opened_at=decided,
            clock_start=received,
            coordinator_id="p0",
            repeat_of="c000000" if n and dice.random() < 0.2 else None,
            version=1,
        )
        for agency in range(4):
            self.add(
                "case_agency", id=f"w{id}{agency}", case_id=f"c{id}", agency_id=f"a{agency}", since=decided
            )
        held = received
        for number, stage in enumerate(pathway.stages):
            due = received + timedelta(days=4 + 14 * number)
            held += timedelta(days=1 + dice.expovariate(1 / 6))
            meeting = f"m{id}{number}"
            self.add(
                "case_clock",
                id=f"k{id}{number}",
                case_id=f"c{id}",
                stage=stage.id,
                due_on=due.date(),
                due_at=due,
                met_at=held if dice.random() < 0.95 else None,
            )
            self._meeting(n, meeting, stage, common, held)
            for each in range(2):
                self._action(id, f"{number}{each}", meeting, held)
        self.add(
            "decision",
            id=f"d{id}",
            case_id=f"c{id}",
            kind="share",
            text="invented",
            reasons="invented",
            options="invented",
            law='["care_act_s42"]',
            by_id="p0",
            at=held,
        )

    def _meeting(self, n: int, id: str, stage: object, common: dict[str, object], held: datetime) -> None:
        dice = self.dice
        self.add(
            "meeting",
            id=id,
            area="aldermere",
            pathway=common["pathway"],
            stage=stage.id,
            kind=stage.kind,
            state="concluded",
            starts_at=held - timedelta(hours=1),
            ends_at=held,
            minutes_long=60,
            uid=f"{id}@example.test",
            created_by="p0",
            created_at=held - timedelta(days=1),
            started_at=held - timedelta(hours=1),
            concluded_at=held,
            drill=1,
            version=1,
        )
        self.add(
            "agenda_item",
            id=f"i{id}",
            meeting_id=id,
            case_id=f"c{n:06d}",
            position=0,
            minutes=20,
            started_at=held - timedelta(hours=1),
            ended_at=held,
        )
        how = dice.choices(("attended", "advocate", "in_writing", "not_obtained"), (4, 3, 2, 1))[0]
        self.add("voice", id=f"v{id}", case_id=f"c{n:06d}", meeting_id=id, how=how, by_id="p0", at=held)
        for agency in range(6):
            status = dice.choices(("present", "deputy", "apologies", "absent"), (70, 10, 12, 3 * agency))[0]
            self.add(
                "attendance",
                id=f"e{id}{agency}",
                meeting_id=id,
                agency_id=f"a{agency}",
                status=status,
                at=held,
            )
            self.add(
                "invitation",
                id=f"n{id}{agency}",
                meeting_id=id,
                person_id=f"p{agency}",
                agency_id=f"a{agency}",
                required=1,
                speaks=1,
                token=f"t{id}{agency}",
                answer=dice.choices(("accepted", "declined", "none"), (70, 10, 4 * agency))[0],
            )

    def _action(self, id: str, number: str, meeting: str, made: datetime) -> None:
        dice, agency = self.dice, self.dice.randrange(len(AGENCIES))
        due = made + timedelta(days=20)
        outcome = dice.choices(
            ("done", "not_possible_circumstances_changed", "not_done_by_agency", None), (75, 8, agency + 1, 6)
        )[0]
        self.add(
            "action",
            id=f"x{id}{number}",
            ref=f"CV-{id}/{number}",
            source=f"x{id}{number}",
            case_id=f"c{id}",
            meeting_id=meeting,
            number=int(number),
            category="visit",
            agency_id=f"a{agency}",
            owner_id=f"p{agency}",
            due=due.date(),
            review_on=due.date(),
            state="closed" if outcome else "accepted",
            outcome=outcome,
            created_by="p0",
            created_at=made,
            assigned_on=made.date(),
            accepted_at=made if dice.random() < 0.95 else None,
            closed_at=made + timedelta(days=dice.randrange(1, 30)) if outcome else None,
            nudged_on=made.date(),
            next_at=None if outcome else due,
            version=1,
        )


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
