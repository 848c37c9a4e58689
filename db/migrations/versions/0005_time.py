"""Deadlines that were moved, and who was reminded of what."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decree_lists",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "joint_leave", "working", name="holidaykind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=5), nullable=True),
        sa.Column(
            "state",
            sa.Enum("checking", "stored", "refused", name="evidencestate", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("file_id", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mime", sa.String(length=127), nullable=False),
        sa.Column("size", Id, nullable=True),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", Id, nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_decree_lists_edition_id_editions")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_decree_lists_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decree_lists")),
    )
    op.create_index(
        "ix_decree_lists_checking",
        "decree_lists",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("state = 'checking'"),
        postgresql_where=sa.text("state = 'checking'"),
    )
    op.create_table(
        "digest_clocks",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("hour", sa.Time(), nullable=True),
        sa.Column("rhythm", sa.Enum("all", "few", "none", name="rhythm", native_enum=False, length=16), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("extra", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_digest_clocks_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_digest_clocks")),
    )
    op.create_index("ix_digest_clocks_next_at", "digest_clocks", ["next_at", "region_code", "person_id"], unique=False)
    op.create_table(
        "extensions",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("subject", sa.String(length=48), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("person_id", Id, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "proposed",
                "granted",
                "refused",
                "revoked",
                name="extensionstate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("version", Id, nullable=False),
        sa.Column("former_day", sa.Date(), nullable=True),
        sa.Column("proposed_day", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("asked_by_id", Id, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", Id, nullable=True),
        sa.Column("revoked_by_id", Id, nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["persons.id"], name=op.f("fk_extensions_approved_by_id_persons")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["persons.id"], name=op.f("fk_extensions_asked_by_id_persons")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["persons.id"], name=op.f("fk_extensions_decided_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_extensions_edition_id_editions")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_extensions_person_id_persons")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["persons.id"], name=op.f("fk_extensions_revoked_by_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index("ix_extensions_edition_id", "extensions", ["edition_id", "state", "id"], unique=False)
    op.create_index(
        "ix_extensions_granted",
        "extensions",
        ["edition_id"],
        unique=False,
        sqlite_where=sa.text("state = 'granted'"),
        postgresql_where=sa.text("state = 'granted'"),
    )
    op.create_index("ix_extensions_region_code", "extensions", ["region_code", "subject"], unique=False)
    op.create_table(
        "region_pauses",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["persons.id"], name=op.f("fk_region_pauses_created_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_region_pauses_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_pauses")),
    )
    op.create_index("ix_region_pauses_edition_id", "region_pauses", ["edition_id", "last_day"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("occasion", sa.String(length=24), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column(
            "state", sa.Enum("sent", "skipped", name="reminderstate", native_enum=False, length=16), nullable=False
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=48), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "subject", "occasion", "due_day", name=op.f("pk_reminders")),
    )
    op.create_index("ix_reminders_subject", "reminders", ["subject", "at"], unique=False)
    op.create_table(
        "time_settings",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("changed", Document, nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_time_settings_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_time_settings")),
    )
    op.create_table(
        "snoozes",
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("item_id", Id, autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_snoozes_item_id_items")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_snoozes_person_id_persons")),
        sa.PrimaryKeyConstraint("person_id", "item_id", name=op.f("pk_snoozes")),
    )
    _give_everybody_a_clock()


def _give_everybody_a_clock() -> None:
    """Whoever holds a seat already is looked at from the first tick on."""
    persons, seats, scopes = (sa.table(name, *map(sa.column, columns)) for name, columns in _NEEDED.items())
    clocks = sa.table("digest_clocks", *map(sa.column, _FIELDS))
    holders = (
        sa.select(
            seats.c.holder_id,
            sa.func.coalesce(sa.func.min(scopes.c.region_code), ""),
            sa.literal(datetime.now(UTC), UtcDateTime()),
            sa.literal("all"),
            sa.literal(False),
        )
        .join(scopes, scopes.c.seat_id == seats.c.id)
        .join(persons, persons.c.id == seats.c.holder_id)
        .where(seats.c.ended_at.is_(None))
        .group_by(seats.c.holder_id)
    )
    op.execute(clocks.insert().from_select(_FIELDS, holders))


_FIELDS = ["person_id", "region_code", "next_at", "rhythm", "extra"]
_NEEDED = {"persons": ["id"], "seats": ["id", "holder_id", "ended_at"], "scopes": ["seat_id", "region_code"]}


def downgrade() -> None:
    op.drop_table("snoozes")
    op.drop_table("time_settings")
    op.drop_index("ix_reminders_subject", table_name="reminders")
    op.drop_table("reminders")
    op.drop_index("ix_region_pauses_edition_id", table_name="region_pauses")
    op.drop_table("region_pauses")
    op.drop_index("ix_extensions_region_code", table_name="extensions")
    op.drop_index(
        "ix_extensions_granted",
        table_name="extensions",
        sqlite_where=sa.text("state = 'granted'"),
        postgresql_where=sa.text("state = 'granted'"),
    )
    op.drop_index("ix_extensions_edition_id", table_name="extensions")
    op.drop_table("extensions")
    op.drop_index("ix_digest_clocks_next_at", table_name="digest_clocks")
    op.drop_table("digest_clocks")
    op.drop_index(
        "ix_decree_lists_checking",
        table_name="decree_lists",
        sqlite_where=sa.text("state = 'checking'"),
        postgresql_where=sa.text("state = 'checking'"),
    )
    op.drop_table("decree_lists")
