"""When people come together, and who comes."""

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bimtek",
                "visit",
                "coordination",
                "presentation",
                "closing",
                name="meetingkind",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("milestone_key", sa.String(length=48), nullable=True),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.String(length=1000), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("mentor_id", Id, nullable=True),
        sa.Column("version", Id, nullable=False),
        sa.Column("created_by_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_why", sa.Text(), nullable=False),
        sa.Column("tell_at", UtcDateTime(), nullable=True),
        sa.Column("told", Document, nullable=False),
        sa.Column("check_in_code", sa.String(length=6), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["persons.id"], name=op.f("fk_meetings_created_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_meetings_edition_id_editions")),
        sa.ForeignKeyConstraint(["mentor_id"], ["persons.id"], name=op.f("fk_meetings_mentor_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("check_in_code", name=op.f("uq_meetings_check_in_code")),
    )
    op.create_index("ix_meetings_edition_id", "meetings", ["edition_id", "starts_at"], unique=False)
    op.create_index("ix_meetings_region_code", "meetings", ["region_code", "starts_at"], unique=False)
    op.create_index(
        "ix_meetings_untold",
        "meetings",
        ["tell_at"],
        unique=False,
        sqlite_where=sa.text("tell_at IS NOT NULL"),
        postgresql_where=sa.text("tell_at IS NOT NULL"),
    )
    op.create_table(
        "meeting_answers",
        sa.Column("meeting_id", Id, autoincrement=False, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_answers_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_meeting_answers_person_id_persons")),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_answers")),
    )
    op.create_table(
        "check_ins",
        sa.Column("id", Id, nullable=False),
        sa.Column("announcement_id", Id, nullable=True),
        sa.Column("meeting_id", Id, nullable=True),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcements.id"], name=op.f("fk_check_ins_announcement_id_announcements")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_check_ins_meeting_id_meetings")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_check_ins_person_id_persons")),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_check_ins_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("announcement_id", "person_id", name=op.f("uq_check_ins_announcement_id_person_id")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_check_ins_meeting_id_person_id")),
    )


def downgrade() -> None:
    op.drop_table("check_ins")
    op.drop_table("meeting_answers")
    op.drop_index(
        "ix_meetings_untold",
        table_name="meetings",
        sqlite_where=sa.text("tell_at IS NOT NULL"),
        postgresql_where=sa.text("tell_at IS NOT NULL"),
    )
    op.drop_index("ix_meetings_region_code", table_name="meetings")
    op.drop_index("ix_meetings_edition_id", table_name="meetings")
    op.drop_table("meetings")
