"""What is counted, for Prometheus: acknowledgement times, refusals, the outbox's age, nudges sent and failed."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlmodel import col, func, select

from bot.storage.tables import NudgeRow
from bot.storage.transaction import Work

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """One registry of its own, so that two programs in one process (tests) do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acks = Histogram(
            "convenor_ack_seconds",
            "From a Slack payload's arrival to its acknowledgement, by kind",
            ["kind"],
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.outbox_age = Gauge(
            "convenor_outbox_oldest_seconds", "Age of the oldest delivery that is due", registry=self.registry
        )
        self.outbox = Gauge("convenor_outbox", "Deliveries by state", ["state"], registry=self.registry)
        self.nudges = Gauge("convenor_nudges", "Nudges by state", ["state"], registry=self.registry)
        self.turned_away = Counter(
            "convenor_teams_turned_away",
            "Requests that Teams cannot have sent for us, by what was wrong with them",
            ["reason"],
            registry=self.registry,
        )
        self.mail = Counter(
            "convenor_mail_taken",
            "Mails to the address for replies, by what became of them",
            ["outcome"],
            registry=self.registry,
        )
        self.mail_turned_away = Counter(
            "convenor_mail_turned_away",
            "Requests at the hook for mail that were not let in, by what was wrong with them",
            ["reason"],
            registry=self.registry,
        )
        self.calendar_turned_away = Counter(
            "convenor_calendar_turned_away",
            "Notes at the door for calendars that were dropped, by what was wrong with them",
            ["reason"],
            registry=self.registry,
        )
        self.no_answers = Counter(
            "convenor_links_turned_away",
            "Requests to links of e-mails that led to no answer, by what was wrong with them",
            ["reason"],
            registry=self.registry,
        )
        self.nudges_planned = Counter(
            "convenor_nudges_planned",
            "Nudges that sweeps have planned since the start",
            registry=self.registry,
        )

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Note one acknowledgement."""
        self.acks.labels(kind).observe(seconds)

    def refused(self, reason: str) -> None:
        """Note that Teams' door stayed shut; `reason` is one of the guard's fixed list."""
        self.turned_away.labels(reason).inc()

    def mail_taken(self, outcome: str) -> None:
        """Note one mail; `outcome` is of a fixed list."""
        self.mail.labels(outcome).inc()

    def mail_refused(self, reason: str) -> None:
        """Note that the hook for mail stayed shut."""
        self.mail_turned_away.labels(reason).inc()

    def calendar_refused(self, reason: str) -> None:
        """Note that something at the door for calendars was dropped; `reason` is of a fixed list."""
        self.calendar_turned_away.labels(reason).inc()

    def no_answer(self, reason: str) -> None:
        """Note a request to a link that led nowhere; `reason` is one of the pages' fixed list."""
        self.no_answers.labels(reason).inc()

    def planned(self, nudges: int) -> None:
        """Note that a sweep planned so many nudges."""
        self.nudges_planned.inc(nudges)

    def text(self) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry)


def nudges_by_state(work: Work) -> dict[str, int]:
    """How many nudges are planned, sent, failed and skipped."""
    return dict(
        work.session.exec(select(NudgeRow.state, func.count(col(NudgeRow.id))).group_by(NudgeRow.state)).all()
    )
