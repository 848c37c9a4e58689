"""How each region stood at the closing."""

import sqlalchemy as sa
from alembic import op

from db.types import Document, Id, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("edition_id", Id, autoincrement=False, nullable=False),
        sa.Column("region_code", sa.String(length=5), nullable=False),
        sa.Column("accepted", Id, nullable=False),
        sa.Column("mandatory", Id, nullable=False),
        sa.Column("on_time", Id, nullable=False),
        sa.Column("due", Id, nullable=False),
        sa.Column("states", Document, nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_snapshots_edition_id_editions")),
        sa.PrimaryKeyConstraint("edition_id", "region_code", name=op.f("pk_snapshots")),
    )


def downgrade() -> None:
    op.drop_table("snapshots")
