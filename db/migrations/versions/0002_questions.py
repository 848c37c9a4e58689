"""Questions to the mentors, canned answers, articles and absences."""

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "targets",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("days", Id, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_targets_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", "name", name=op.f("pk_targets")),
    )
    op.create_table(
        "escalations",
        sa.Column("id", Id, nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("round", Id, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint(
            "subject", "subject_id", "round", "step", name=op.f("uq_escalations_subject_subject_id_round_step")
        ),
    )
    op.create_table(
        "absences",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("substitute_id", Id, nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_absences_person_id_persons")),
        sa.ForeignKeyConstraint(["substitute_id"], ["persons.id"], name=op.f("fk_absences_substitute_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("ix_absences_person_id", ["person_id", "last_day"], unique=False)

    op.create_table(
        "article_votes",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_article_votes_person_id_persons")),
        sa.PrimaryKeyConstraint("subject", "person_id", name=op.f("pk_article_votes")),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("owner_id", Id, nullable=True),
        sa.Column("created_by_id", Id, nullable=False),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", Document, nullable=False),
        sa.Column("uses", Id, nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["persons.id"], name=op.f("fk_canned_answers_created_by_id_persons")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_canned_answers_edition_id_editions")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_canned_answers_owner_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
    )
    with op.batch_alter_table("canned_answers", schema=None) as batch_op:
        batch_op.create_index("ix_canned_answers_owner_id", ["owner_id"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("unique_key", sa.String(length=64), nullable=False),
        sa.Column("asker_id", Id, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("item_key", sa.String(length=48), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new", "taken", "waiting", "answered", "closed", name="questionstate", native_enum=False, length=16
            ),
            nullable=False,
        ),
        sa.Column("version", Id, nullable=False),
        sa.Column("routed_to_id", Id, nullable=True),
        sa.Column("mentor_id", Id, nullable=True),
        sa.Column("referred_to", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("active_at", UtcDateTime(), nullable=True),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("answer_due_at", UtcDateTime(), nullable=False),
        sa.Column("solution_due_at", UtcDateTime(), nullable=False),
        sa.Column("first_answer_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column(
            "closing",
            sa.Enum("thanked", "solved", "silent", "merged", "withdrawn", name="closing", native_enum=False, length=16),
            nullable=True,
        ),
        sa.Column("reopened", Id, nullable=False),
        sa.Column("follows_id", Id, nullable=True),
        sa.Column("merged_into_id", Id, nullable=True),
        sa.Column("rating", Id, nullable=True),
        sa.Column("rating_word", sa.Text(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["persons.id"], name=op.f("fk_questions_asker_id_persons")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_questions_edition_id_editions")),
        sa.ForeignKeyConstraint(["follows_id"], ["questions.id"], name=op.f("fk_questions_follows_id_questions")),
        sa.ForeignKeyConstraint(["mentor_id"], ["persons.id"], name=op.f("fk_questions_mentor_id_persons")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["questions.id"], name=op.f("fk_questions_merged_into_id_questions")
        ),
        sa.ForeignKeyConstraint(["routed_to_id"], ["persons.id"], name=op.f("fk_questions_routed_to_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_questions_edition_id_number")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_questions_unique_key")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_asker_id", ["asker_id", "id"], unique=False)
        batch_op.create_index("ix_questions_mentor_id", ["mentor_id", "state"], unique=False)
        batch_op.create_index("ix_questions_routed_to_id", ["routed_to_id", "id"], unique=False)
        batch_op.create_index(
            "ix_questions_open",
            ["state", "waiting_since"],
            unique=False,
            sqlite_where=sa.text("state IN ('new', 'taken', 'waiting')"),
            postgresql_where=sa.text("state IN ('new', 'taken', 'waiting')"),
        )

    op.create_table(
        "searches",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("results", Id, nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_searches_edition_id_editions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("ix_searches_at", ["at"], unique=False)

    op.create_table(
        "articles",
        sa.Column("id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("files", Document, nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "staff", "public", name="articlestate", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("version", Id, nullable=False),
        sa.Column("owner_id", Id, nullable=True),
        sa.Column("question_id", Id, nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_articles_edition_id_editions")),
        sa.ForeignKeyConstraint(["owner_id"], ["persons.id"], name=op.f("fk_articles_owner_id_persons")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_articles_question_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("edition_id", "key", name=op.f("uq_articles_edition_id_key")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index("ix_articles_state", ["state"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", Id, nullable=False),
        sa.Column("question_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("question", "answer", "ask_back", "reply", "note", name="postkind", native_enum=False, length=16),
            nullable=False,
        ),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("message_key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parts", Document, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=True),
        sa.Column("earlier", Document, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["persons.id"], name=op.f("fk_posts_author_id_persons")),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_posts_question_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("question_id", "message_key", name=op.f("uq_posts_question_id_message_key")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index("ix_posts_author_id", ["author_id", "at"], unique=False)
        batch_op.create_index("ix_posts_question_id", ["question_id", "id"], unique=False)

    op.create_table(
        "post_files",
        sa.Column("id", Id, nullable=False),
        sa.Column("post_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "document", "photo", "video", "voice", "link", "text", name="evidencekind", native_enum=False, length=16
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.String(length=300), nullable=False),
        sa.Column("unique_id", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", Id, nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_files_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_files")),
        sa.UniqueConstraint("post_id", "unique_id", name=op.f("uq_post_files_post_id_unique_id")),
    )
    with op.batch_alter_table("post_files", schema=None) as batch_op:
        batch_op.create_index("ix_post_files_post_id", ["post_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("post_files", schema=None) as batch_op:
        batch_op.drop_index("ix_post_files_post_id")

    op.drop_table("post_files")
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index("ix_posts_question_id")
        batch_op.drop_index("ix_posts_author_id")

    op.drop_table("posts")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index("ix_articles_state")

    op.drop_table("articles")
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.drop_index("ix_searches_at")

    op.drop_table("searches")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_questions_open",
            sqlite_where=sa.text("state IN ('new', 'taken', 'waiting')"),
            postgresql_where=sa.text("state IN ('new', 'taken', 'waiting')"),
        )
        batch_op.drop_index("ix_questions_routed_to_id")
        batch_op.drop_index("ix_questions_mentor_id")
        batch_op.drop_index("ix_questions_asker_id")

    op.drop_table("questions")
    with op.batch_alter_table("canned_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_canned_answers_owner_id")

    op.drop_table("canned_answers")
    op.drop_table("article_votes")
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index("ix_absences_person_id")

    op.drop_table("absences")
    op.drop_table("escalations")
