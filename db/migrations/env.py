"""Alembic's entry. The connection is given by `db.schema`; there is no configuration file."""

from typing import Any, Literal

from alembic import context

from db.models import Base
from db.search import is_outside_models
from db.types import LaneNumber, UtcDateTime


def _name(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, UtcDateTime | LaneNumber):
        return f"db.types.{type(item).__name__}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
    render_item=_name,
    compare_type=True,
    include_name=lambda name, _kind, _parents: not is_outside_models(name),
)
with context.begin_transaction():
    context.run_migrations()
