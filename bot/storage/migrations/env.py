"""Run by Alembic for every command; `bot.storage.migrate` brings the connection."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from bot.storage.naming import METADATA


def _spelt(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """sqlmodel's own types, in few words."""
    if kind == "type" and isinstance(thing, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(thing, UTCDateTime):
        autogen.imports.add("from sqlmodel.sql.sqltypes import UTCDateTime")
        return "UTCDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite cannot alter a constraint in place; Alembic rebuilds the table
    compare_type=True,
    render_item=_spelt,
)
with context.begin_transaction():
    context.run_migrations()
