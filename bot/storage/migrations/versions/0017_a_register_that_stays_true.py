"""Beside the contact register: details, changes, requests about entries, agencies' own cards, and leavers."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "contact_detail",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("commits", sa.Boolean(), nullable=True),
        sa.Column("out_of_hours", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(asked_on IS NULL) = (next_on IS NULL)", name=op.f("ck_contact_detail_asked_has_next_step")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_detail_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact_detail")),
    )
    op.create_table(
        "register_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("thing_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_change")),
    )
    op.create_index(op.f("ix_register_change_thing_id"), "register_change", ["thing_id"])
    op.create_table(
        "contact_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (next_on IS NOT NULL)",
            name=op.f("ck_contact_request_waiting_has_next_step"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_contact_request_settled_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_request")),
    )
    op.create_index(op.f("ix_contact_request_person_id"), "contact_request", ["person_id"])
    op.create_table(
        "agency_card",
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("urgent", sa.String(), nullable=False),
        sa.Column("routine", sa.String(), nullable=False),
        sa.Column("out_of_hours", sa.String(), nullable=False),
        sa.Column("forums", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_card_agency_id_agency")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_agency_card_written_by_person")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_card")),
    )
    op.create_table(
        "leaver",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (next_on IS NOT NULL)", name=op.f("ck_leaver_waiting_has_next_step")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_leaver_agency_id_agency")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leaver_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaver")),
    )
    op.create_index(op.f("ix_leaver_person_id"), "leaver", ["person_id"])
