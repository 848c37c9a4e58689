"""The search index: FTS5 on SQLite, tsvector on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

from db.types import Id

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.Column("pillar", sa.String(length=32), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("leading", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_search_entries_key")),
    )
    op.create_table(
        "search_slips",
        sa.Column("slip", sa.String(length=32), nullable=False),
        sa.Column("word", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("slip", "word", name=op.f("pk_search_slips")),
    )
    op.create_table(
        "search_builds",
        sa.Column("id", Id, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_builds")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_fts USING fts5(terms)")
    else:
        # Without a list of pending entries: what was entered a moment ago is found as quickly as the rest.
        op.execute(
            "CREATE INDEX ix_search_entries_terms ON search_entries"
            " USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off)"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_builds")
    op.drop_table("search_slips")
    op.drop_table("search_entries")
