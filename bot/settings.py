"""The environment as one frozen Settings; everything missing or wrong is named at once (IG-40)."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_AT_LEAST = 16  # characters
TEAMS_IDS = ("teams_app_id", "teams_tenant_id")
TEAMS_PROOFS = ("teams_certificate", "teams_token_file", "teams_managed_identity", "teams_app_password")
"""How the bot proves who it is: one of these goes with both ids, or it can neither receive nor send."""

GRAPH_IDS = ("graph_app_id", "graph_tenant_id", "graph_mailbox")
GRAPH_PROOFS = ("graph_certificate", "graph_token_file", "graph_app_password")
"""The same for the calendars of a council's Microsoft 365."""

GOOGLE_IDS = ("google_mailbox",)
GOOGLE_PROOFS = ("google_key_file", "google_service_account")
"""The same for those of a council's Google Workspace."""


class Settings(BaseSettings):
    """Every setting there is. The README's table is compared with this class by a test."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_file=None)

    convenor_area: Path | None = Field(
        default=None, description="The area file (YAML): name, nation, channels, pathways"
    )
    database_url: str = Field(
        default="sqlite:///var/convenor.sqlite",
        description="Where the record is kept: a SQLite file or PostgreSQL",
        repr=False,  # it may hold a password
    )
    slack_bot_token: SecretStr | None = Field(default=None, description="The bot's token, xoxb-…")
    slack_app_token: SecretStr | None = Field(
        default=None, description="The app-level token, xapp-…: set it to use Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, description="Checks Slack's signature: set it to receive over HTTP at /slack/events"
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Slack’s Web API; only tests change it"
    )
    teams_app_id: str | None = Field(
        default=None,
        description="The app (client) id of your bot in Microsoft Teams: never yet tried in a live tenant",
    )
    teams_tenant_id: str | None = Field(
        default=None, description="The tenant in which your bot for Teams is registered, by its id"
    )
    teams_certificate: Path | None = Field(
        default=None, description="A PEM file with the private key and the certificate of your bot for Teams"
    )
    teams_token_file: Path | None = Field(
        default=None, description="A file that a workload identity keeps a fresh token in (Kubernetes)"
    )
    teams_managed_identity: str | None = Field(
        default=None, description="A managed identity of Azure’s: its client id, or system"
    )
    teams_app_password: SecretStr | None = Field(  # after all others, which its check looks at
        default=None, validate_default=True, description="The client secret of your bot for Teams"
    )
    graph_app_id: str | None = Field(
        default=None,
        description="The app (client) id by which Convenor uses the calendars of Microsoft 365: never yet tried live",
    )
    graph_tenant_id: str | None = Field(
        default=None, description="The tenant whose calendars these are, by its id"
    )
    graph_mailbox: str | None = Field(
        default=None, description="The mailbox that owns every meeting, by its address"
    )
    graph_certificate: Path | None = Field(
        default=None, description="A PEM file with the private key and the certificate of that app"
    )
    graph_token_file: Path | None = Field(
        default=None, description="A file that a workload identity keeps a fresh token for that app in"
    )
    graph_app_password: SecretStr | None = Field(  # after all others, which its check looks at
        default=None, validate_default=True, description="The client secret of that app"
    )
    google_mailbox: str | None = Field(
        default=None,
        description="The user of Google Workspace who owns every meeting, by address: never yet tried live",
    )
    google_key_file: Path | None = Field(
        default=None, description="The key of the service account that may act for that user, a JSON file"
    )
    google_service_account: str | None = Field(  # after both others, which its check looks at
        default=None,
        validate_default=True,
        description="That account's address, where the machine's own identity has Google sign for it",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="Outgoing mail: smtp://user:password@host:587, smtps://… or smtp+starttls://…",
    )
    mail_from: str = Field(
        default="convenor@localhost", description="The address that invitations and mails come from"
    )
    mail_replies_to: str | None = Field(
        default=None,
        description="Where replies to invitations go, with {token} where each has an address of its own",
    )
    mail_trusted_server: str | None = Field(
        default=None, description="The server whose Authentication-Results on senders are believed"
    )
    mail_hook_secret: SecretStr | None = Field(
        default=None, description="Checks the signature of mail handed on to /mail/replies"
    )
    imap_url: SecretStr | None = Field(
        default=None, description="The mailbox to read replies from: imaps://user:password@host/INBOX"
    )
    public_url: str | None = Field(
        default=None,
        description="Where this is reached from outside, https://…: e-mails then hold links by which to answer",
    )
    link_key: SecretStr | None = Field(  # after public_url, which its check looks at
        default=None, validate_default=True, description="A secret that signs the links in e-mails"
    )
    link_days: int = Field(default=14, ge=1, le=60, description="Days after which a link in an e-mail ends")
    host: str = Field(default="127.0.0.1", description="The address to listen on")
    port: int = Field(default=8400, ge=0, le=65535, description="The port to listen on")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR; logs hold ids only")
    audit_key: SecretStr | None = Field(
        default=None, description="A secret for the audit’s hash chain; without it the chain is plain SHA-256"
    )

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _looks_right(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        begins = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(begins):
            raise ValueError(f"should begin with {begins}")
        return value

    @field_validator("teams_app_id", "teams_tenant_id", "graph_app_id", "graph_tenant_id")
    @classmethod
    def _an_id(cls, value: str | None) -> str | None:
        try:
            return None if value is None else str(UUID(value))
        except ValueError:
            raise ValueError("should be an id such as 01234567-89ab-cdef-0123-456789abcdef") from None

    @field_validator("teams_managed_identity")
    @classmethod
    def _an_identity(cls, value: str | None) -> str | None:
        return value if value == "system" else cls._an_id(value)

    @field_validator("teams_app_password")
    @classmethod
    def _with_the_rest_of_teams(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        _all_or_nothing({**info.data, "teams_app_password": value}, "Teams", TEAMS_IDS, TEAMS_PROOFS)
        return value

    @field_validator("graph_app_password")
    @classmethod
    def _with_the_rest_of_graph(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        _all_or_nothing({**info.data, "graph_app_password": value}, "Graph", GRAPH_IDS, GRAPH_PROOFS)
        return value

    @field_validator("google_service_account")
    @classmethod
    def _with_the_rest_of_google(cls, value: str | None, info: ValidationInfo) -> str | None:
        _all_or_nothing({**info.data, "google_service_account": value}, "Google", GOOGLE_IDS, GOOGLE_PROOFS)
        return value

    @property
    def teams_proof(self) -> str:
        """The variable by which the bot proves to Teams who it is; empty without Teams."""
        return next((name.upper() for name in TEAMS_PROOFS if getattr(self, name) is not None), "")

    @property
    def graph_proof(self) -> str:
        """The variable by which Convenor proves to Graph who it is; empty without Graph."""
        return next((name.upper() for name in GRAPH_PROOFS if getattr(self, name) is not None), "")

    @property
    def google_proof(self) -> str:
        """The variable by which Convenor proves to Google who it is; empty without Google."""
        return next((name.upper() for name in GOOGLE_PROOFS if getattr(self, name) is not None), "")

    @field_validator("mail_replies_to")
    @classmethod
    def _an_address_for_replies(cls, value: str | None) -> str | None:
        local, _, domain = (value or "").rpartition("@")
        fits = re.fullmatch(r"[\w.+-]*(\{token\})?[\w.+-]*", local) and re.fullmatch(
            r"[\w-]+(\.[\w-]+)*", domain
        )
        longest = 64 - 32 + len("{token}") if "{token}" in local else 64
        if value is not None and not (local and fits and len(local) <= longest):
            raise ValueError("should be one e-mail address, such as convenor+{token}@example.org")
        return value

    @field_validator("mail_trusted_server")
    @classmethod
    def _a_name(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[\w.-]+", value):
            raise ValueError("should be the name by which the server signs Authentication-Results")
        return value

    @field_validator("imap_url")
    @classmethod
    def _known_mailbox(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value is not None else None
        known = ("imap", "imaps", "imap+starttls")
        if parts and (parts.scheme not in known or not parts.hostname or not parts.username):
            raise ValueError("should look like imaps://user:password@mail.example.org/INBOX")
        return value

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https://[A-Za-z0-9.-]+(:\d{1,5})?/?", value):
            raise ValueError("should look like https://convenor.example.org, with nothing after the name")
        return value.rstrip("/").lower() if value is not None else None

    @field_validator("link_key")
    @classmethod
    def _for_links(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("public_url"):
            raise ValueError("PUBLIC_URL needs it: no link in an e-mail goes unsigned")
        return value

    @field_validator(
        "slack_signing_secret",
        "mail_hook_secret",
        "teams_app_password",
        "graph_app_password",
        "audit_key",
        "link_key",
    )
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        said = value.get_secret_value() if value is not None else None
        if said is not None and (len(said) < SECRET_AT_LEAST or len(set(said)) < 6):
            raise ValueError(
                f"is too easy to guess: give at least {SECRET_AT_LEAST} characters, chosen by chance"
            )
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError("should begin with sqlite:/// or postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value is not None else None
        if parts and (parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname):
            raise ValueError("should look like smtp+starttls://user:password@mail.example.org:587")
        return value

    @field_validator("mail_from", "graph_mailbox", "google_mailbox", "google_service_account")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[^\s@]+@[^\s@]+", value):
            raise ValueError("should be one e-mail address")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("choose DEBUG, INFO, WARNING or ERROR")
        return value.upper()


def _all_or_nothing(said: dict[str, object], whose: str, ids: Sequence[str], proofs: Sequence[str]) -> None:
    """ValueError when a part of what goes together is missing, or more than one proof is there.

    What was given and is wrong is told by itself, and is not in `said`: that is not what is missing here.
    """
    given = [name for name in proofs if said.get(name, "wrong") is not None]
    missing = [name.upper() for name in ids if said.get(name, "wrong") is None]
    one_of = " or ".join(map(str.upper, proofs))
    if len(given) > 1:
        several = " and ".join(map(str.upper, given))
        raise ValueError(f"{whose} needs one of {several}, not several")
    if len(missing) + (not given) not in (0, len(ids) + 1):
        missing += [] if given else [one_of]
        raise ValueError(
            f"{whose} needs {' and '.join(map(str.upper, ids))} together with one of {one_of};"
            f" not set: {', '.join(missing)}"
        )


class BadSettings(Exception):
    """The environment cannot be used; `faults` has a line for each variable."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def settings() -> Settings:
    """What the environment says. Raises BadSettings naming every wrong variable, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings(
            [
                f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}"
                for fault in error.errors()
            ]
        ) from None  # the cause would carry the values along


def missing_for_slack(found: Settings) -> list[str]:
    """What `convenor run` still lacks, a line each, with what to do."""
    lacking = []
    if found.convenor_area is None:
        lacking.append("CONVENOR_AREA: the path of your area file; docs/area.example.yml shows one")
    if found.slack_bot_token is None:
        lacking.append("SLACK_BOT_TOKEN: from “OAuth & Permissions” of your Slack app")
    if found.slack_app_token is None and found.slack_signing_secret is None:
        lacking.append(
            "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP): from “Basic Information” of your Slack app"
        )
    return lacking
