"""The history of the tables, in Alembic's form."""
