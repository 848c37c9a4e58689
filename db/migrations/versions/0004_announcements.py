"""Announcements, who gets them, and what became of it"""

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement_series",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("repeats", Document, nullable=False),
        sa.Column("hour", sa.String(length=5), nullable=False),
        sa.Column("by_local_time", sa.Boolean(), nullable=False),
        sa.Column("valid_minutes", Id, nullable=True),
        sa.Column("approved", Id, nullable=False),
        sa.Column("done_until", sa.Date(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_announcement_series_edition_id_editions")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["persons.id"], name=op.f("fk_announcement_series_ended_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_series")),
    )
    op.create_index("ix_announcement_series_next_at", "announcement_series", ["next_at"])
    op.create_table(
        "announcements",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "approval",
                "scheduled",
                "sending",
                "paused",
                "done",
                "stopped",
                "recalled",
                "discarded",
                "skipped",
                name="announcementstate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("version", Id, nullable=False),
        sa.Column("number", Id, nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", Document, nullable=False),
        sa.Column("links", Document, nullable=False),
        sa.Column(
            "confirmation",
            sa.Enum("none", "read", "attendance", name="confirmation", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("audience", Document, nullable=False),
        sa.Column("valid_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("local_at", UtcDateTime(), nullable=True),
        sa.Column("confirmed_by_id", Id, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", Id, nullable=True),
        sa.Column("parts", Id, nullable=False),
        sa.Column("paused_why", sa.String(length=200), nullable=False),
        sa.Column("streak", Id, nullable=False),
        sa.Column("corrections", Id, nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("earlier", Document, nullable=False),
        sa.Column("level", Id, nullable=False),
        sa.Column("recalled_at", UtcDateTime(), nullable=True),
        sa.Column("recalled_by_id", Id, nullable=True),
        sa.Column("recall_reason", sa.String(length=300), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("repeats", Document, nullable=False),
        sa.Column("series_id", Id, nullable=True),
        sa.Column("occurrence", sa.Date(), nullable=True),
        sa.Column("follow_days", Id, nullable=False),
        sa.Column("event_at", UtcDateTime(), nullable=True),
        sa.Column("event_until", UtcDateTime(), nullable=True),
        sa.Column("event_place", sa.String(length=100), nullable=False),
        sa.Column("check_in_code", sa.String(length=6), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["persons.id"], name=op.f("fk_announcements_approved_by_id_persons")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_announcements_author_id_persons")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["persons.id"], name=op.f("fk_announcements_confirmed_by_id_persons")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_announcements_edition_id_editions")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["announcement_series.id"], name=op.f("fk_announcements_series_id_announcement_series")
        ),
        sa.ForeignKeyConstraint(
            ["recalled_by_id"], ["persons.id"], name=op.f("fk_announcements_recalled_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sa.UniqueConstraint("series_id", "occurrence", name=op.f("uq_announcements_series_id_occurrence")),
        sa.UniqueConstraint("check_in_code", name=op.f("uq_announcements_check_in_code")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_announcements_edition_id_number")),
    )
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.create_index("ix_announcements_edition_id", ["edition_id", "id"], unique=False)
        batch_op.create_index(
            "ix_announcements_going",
            ["state", "starts_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('scheduled', 'sending', 'paused')"),
            postgresql_where=sa.text("state IN ('scheduled', 'sending', 'paused')"),
        )

    op.create_table(
        "cohorts",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_cohorts_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohorts")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_cohorts_edition_id_name")),
    )
    op.create_table(
        "cohort_regions",
        sa.Column("cohort_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_cohort_regions_cohort_id_cohorts")),
        sa.PrimaryKeyConstraint("cohort_id", "region_code", name=op.f("pk_cohort_regions")),
    )
    op.create_table(
        "audiences",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("rule", Document, nullable=False),
        sa.Column("created_by_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["persons.id"], name=op.f("fk_audiences_created_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_audiences_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audiences")),
        sa.UniqueConstraint("edition_id", "name", name=op.f("uq_audiences_edition_id_name")),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_switches_person_id_persons")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_switches")),
    )
    op.create_table(
        "exports",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("book", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_exports_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("person_id", "book", "subject", name=op.f("uq_exports_person_id_book_subject")),
    )
    op.create_table(
        "announcement_readers",
        sa.Column("announcement_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "queued",
                "sent",
                "in_doubt",
                "failed",
                "dropped",
                name="readerstate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("tries", Id, nullable=False),
        sa.Column("wording", Id, nullable=False),
        sa.Column("message_ids", Document, nullable=False),
        sa.Column("recalled", sa.Boolean(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("attends", sa.Boolean(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column(
            "followed",
            sa.Enum(
                "planned",
                "queued",
                "sent",
                "in_doubt",
                "failed",
                "dropped",
                name="readerstate",
                native_enum=False,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column("followed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_readers_announcement_id_announcements"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_announcement_readers_person_id_persons")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_announcement_readers_seat_id_seats")),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_readers")),
    )
    with op.batch_alter_table("announcement_readers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_announcement_readers_followed",
            ["announcement_id"],
            unique=False,
            sqlite_where=sa.text("followed = 'queued'"),
            postgresql_where=sa.text("followed = 'queued'"),
        )
        batch_op.create_index(
            "ix_announcement_readers_open",
            ["announcement_id", "person_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('planned', 'queued')"),
            postgresql_where=sa.text("state IN ('planned', 'queued')"),
        )
        batch_op.create_index("ix_announcement_readers_person_id", ["person_id", "announcement_id"], unique=False)
        batch_op.create_index("ix_announcement_readers_state", ["announcement_id", "state"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("album", sa.String(length=210), nullable=True))
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone", sa.String(length=16), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_column("phone")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("album")

    with op.batch_alter_table("announcement_readers", schema=None) as batch_op:
        batch_op.drop_index("ix_announcement_readers_state")
        batch_op.drop_index("ix_announcement_readers_person_id")
        batch_op.drop_index(
            "ix_announcement_readers_followed",
            sqlite_where=sa.text("followed = 'queued'"),
            postgresql_where=sa.text("followed = 'queued'"),
        )
        batch_op.drop_index(
            "ix_announcement_readers_open",
            sqlite_where=sa.text("state IN ('planned', 'queued')"),
            postgresql_where=sa.text("state IN ('planned', 'queued')"),
        )

    op.drop_table("announcement_readers")
    op.drop_table("exports")
    op.drop_table("switches")
    op.drop_table("audiences")
    op.drop_table("cohort_regions")
    op.drop_table("cohorts")
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_announcements_going",
            sqlite_where=sa.text("state IN ('scheduled', 'sending', 'paused')"),
            postgresql_where=sa.text("state IN ('scheduled', 'sending', 'paused')"),
        )
        batch_op.drop_index("ix_announcements_edition_id")

    op.drop_table("announcements")
    op.drop_table("announcement_series")
