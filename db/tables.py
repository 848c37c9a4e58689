"""All tables at once: counted, copied out and in row by row, erased. The same on both databases."""

from sqlalchemy import Table, text

from db.engine import Database
from db.models import Base


def in_order() -> list[Table]:
    """Every table, those that others point to first."""
    return list(Base.metadata.sorted_tables)


def erase(database: Database) -> None:
    """Drop everything this release's migrations make; other things in the database stay."""
    with database.writer.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        if not database.is_sqlite:
            connection.execute(text("DROP FUNCTION IF EXISTS refuse_audit_change()"))
