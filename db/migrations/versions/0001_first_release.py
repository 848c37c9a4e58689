"""The tables of the first release, and the triggers that keep the audit append-only."""

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, LaneNumber, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum("person", "system", "operator", name="actorkind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "official",
                "lead",
                "contributor",
                "mentor",
                "observer",
                "coordinator",
                "admin",
                name="role",
                native_enum=False,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column("act", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", Id, nullable=True),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("before", Document, nullable=True),
        sa.Column("after", Document, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_actor_id_at", ["actor_id", "at"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject", "subject_id", "id"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("turn", Id, nullable=False),
        sa.Column("flow", Document, nullable=True),
        sa.Column("stack", Document, nullable=False),
        sa.Column("screen", sa.String(length=64), nullable=False),
        sa.Column("panel_message_id", Id, nullable=True),
        sa.Column("last_message_id", Id, nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_conversations")),
    )
    op.create_table(
        "editions",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("closing", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("key", name=op.f("uq_editions_key")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("update_id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("new", "done", "dead", "ignored", name="inboxstate", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("attempts", Id, nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("update_id", name=op.f("uq_inbox_update_id")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_done_at", ["done_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_new",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'new'"),
            postgresql_where=sa.text("state = 'new'"),
        )
        batch_op.create_index(
            "ix_inbox_new_chat_id",
            ["chat_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'new'"),
            postgresql_where=sa.text("state = 'new'"),
        )

    op.create_table(
        "invite_guesses",
        sa.Column("id", Id, nullable=False),
        sa.Column("telegram_id", Id, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite_guesses")),
    )
    with op.batch_alter_table("invite_guesses", schema=None) as batch_op:
        batch_op.create_index("ix_invite_guesses_at", ["at"], unique=False)
        batch_op.create_index("ix_invite_guesses_telegram_id_at", ["telegram_id", "at"], unique=False)

    op.create_table(
        "leases",
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_leases")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("lane", LaneNumber(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("panel", sa.Boolean(), nullable=False),
        sa.Column("paper", sa.String(length=64), nullable=True),
        sa.Column(
            "policy",
            sa.Enum("repeatable", "at_least_once", "at_most_once", name="policy", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "in_doubt",
                "dead",
                "held",
                "cancelled",
                name="outboxstate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("attempts", Id, nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("message_id", Id, nullable=True),
        sa.Column("doubts", Id, nullable=False),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_outbox_unique_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_message", ["chat_id", "message_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_open_chat_id",
            ["chat_id", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.create_index(
            "ix_outbox_sending",
            ["chat_id"],
            unique=False,
            sqlite_where=sa.text("state = 'sending'"),
            postgresql_where=sa.text("state = 'sending'"),
        )
        batch_op.create_index(
            "ix_outbox_waiting",
            ["lane", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "papers",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("mime", sa.String(length=127), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_papers")),
    )
    op.create_table(
        "persons",
        sa.Column("id", Id, nullable=False),
        sa.Column("telegram_id", Id, nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("position", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("timezone", sa.String(length=32), nullable=True),
        sa.Column("data_saver", sa.Boolean(), nullable=False),
        sa.Column("notice_version", Id, nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("active_seat_id", Id, nullable=True),
        sa.Column("menu", sa.String(length=24), nullable=True),
        sa.Column("unreachable_at", UtcDateTime(), nullable=True),
        sa.Column("unreachable_reason", sa.String(length=200), nullable=True),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_persons_telegram_id")),
    )
    op.create_table(
        "holidays",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("holiday", "joint_leave", "working", name="holidaykind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_holidays_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("edition_id", "day", "region_code", name=op.f("uq_holidays_edition_id_day_region_code")),
    )
    op.create_table(
        "invites",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_start", sa.String(length=4), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "official",
                "lead",
                "contributor",
                "mentor",
                "observer",
                "coordinator",
                "admin",
                name="role",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("province", sa.String(length=64), nullable=True),
        sa.Column("item_key", sa.String(length=48), nullable=True),
        sa.Column("expected_name", sa.String(length=64), nullable=True),
        sa.Column("max_uses", Id, nullable=False),
        sa.Column("uses", Id, nullable=False),
        sa.Column("created_by_id", Id, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["persons.id"], name=op.f("fk_invites_created_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_invites_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invites_code_hash")),
    )
    op.create_table(
        "participants",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_participants_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("edition_id", "region_code", name=op.f("uq_participants_edition_id_region_code")),
    )
    op.create_table(
        "join_requests",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "official",
                "lead",
                "contributor",
                "mentor",
                "observer",
                "coordinator",
                "admin",
                name="role",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("province", sa.String(length=64), nullable=True),
        sa.Column("item_key", sa.String(length=48), nullable=True),
        sa.Column("invite_id", Id, nullable=True),
        sa.Column(
            "state",
            sa.Enum("pending", "approved", "rejected", name="requeststate", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["persons.id"], name=op.f("fk_join_requests_decided_by_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_join_requests_edition_id_editions")),
        sa.ForeignKeyConstraint(["invite_id"], ["invites.id"], name=op.f("fk_join_requests_invite_id_invites")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_join_requests_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_requests")),
    )
    with op.batch_alter_table("join_requests", schema=None) as batch_op:
        batch_op.create_index("ix_join_requests_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_join_requests_pending",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "seats",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "official",
                "lead",
                "contributor",
                "mentor",
                "observer",
                "coordinator",
                "admin",
                name="role",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("leads_mentors", sa.Boolean(), nullable=False),
        sa.Column("holder_id", Id, nullable=True),
        sa.Column("invite_id", Id, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_seats_edition_id_editions")),
        sa.ForeignKeyConstraint(["holder_id"], ["persons.id"], name=op.f("fk_seats_holder_id_persons")),
        sa.ForeignKeyConstraint(["invite_id"], ["invites.id"], name=op.f("fk_seats_invite_id_invites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seats")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index("ix_seats_edition_id_role", ["edition_id", "role"], unique=False)
        batch_op.create_index("ix_seats_holder_id", ["holder_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "untouched",
                "started",
                "submitted",
                "returned",
                "accepted",
                "waived",
                name="itemstate",
                native_enum=False,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("version", Id, nullable=False),
        sa.Column("assignee_id", Id, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["seats.id"], name=op.f("fk_items_assignee_id_seats")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_items_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("edition_id", "region_code", "key", name=op.f("uq_items_edition_id_region_code_key")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("ix_items_assignee_id", ["assignee_id"], unique=False)
        batch_op.create_index("ix_items_state_submitted_at", ["state", "submitted_at"], unique=False)

    op.create_table(
        "scopes",
        sa.Column("id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=True),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("province", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seats.id"], name=op.f("fk_scopes_seat_id_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scopes")),
    )
    with op.batch_alter_table("scopes", schema=None) as batch_op:
        batch_op.create_index("ix_scopes_region_code", ["region_code"], unique=False)
        batch_op.create_index("ix_scopes_seat_id", ["seat_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("document", "photo", "video", "link", "text", name="evidencekind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("checking", "stored", "refused", name="evidencestate", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("message_key", sa.String(length=64), nullable=False),
        sa.Column("album", sa.String(length=64), nullable=True),
        sa.Column("file_id", sa.String(length=300), nullable=True),
        sa.Column("file_unique_id", sa.String(length=100), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("mime", sa.String(length=127), nullable=False),
        sa.Column("size", Id, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("uploaded_by_id", Id, nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", Id, nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=True),
        sa.Column("refusal", sa.String(length=64), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_evidence_item_id_items")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["persons.id"], name=op.f("fk_evidence_uploaded_by_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("item_id", "message_key", name=op.f("uq_evidence_item_id_message_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evidence_checking",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state = 'checking'"),
            postgresql_where=sa.text("state = 'checking'"),
        )
        batch_op.create_index("ix_evidence_item_id", ["item_id"], unique=False)
        batch_op.create_index("ix_evidence_sha256", ["sha256"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column(
            "kind", sa.Enum("evidence", "waiver", name="submissionkind", native_enum=False, length=16), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("submitted_by_id", Id, nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("waiting", "accepted", "returned", "withdrawn", name="verdict", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["persons.id"], name=op.f("fk_submissions_decided_by_id_persons")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_submissions_item_id_items")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["persons.id"], name=op.f("fk_submissions_submitted_by_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_submissions_item_id_number")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_submissions_waiting",
            ["submitted_at"],
            unique=False,
            sqlite_where=sa.text("verdict = 'waiting'"),
            postgresql_where=sa.text("verdict = 'waiting'"),
        )

    op.create_table(
        "submission_evidence",
        sa.Column("submission_id", Id, nullable=False),
        sa.Column("evidence_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_submission_evidence_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_evidence_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "evidence_id", name=op.f("pk_submission_evidence")),
    )
    _make_audit_append_only()


def _make_audit_append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit lines are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def downgrade() -> None:
    raise RuntimeError("the first release has nothing before it: restore a backup instead")
