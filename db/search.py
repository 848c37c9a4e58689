"""The search index on both databases: FTS5 on SQLite, tsvector on PostgreSQL. Each gives the same rows.

Terms are stems made in Python, of the letters a-z and digits only, so neither database reads them in its own way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, delete, func, select, text
from sqlalchemy.orm import Session

from db.inbox import insert_ignoring
from db.models import SearchBuild, SearchEntry, SearchSlip

T = TypeVar("T")

# Kept by SQLite itself, in a virtual table and its shadows; the models know nothing of them.
FULL_TEXT = "search_fts"
TERMS_INDEX = "ix_search_entries_terms"
_VECTOR = "array_to_tsvector(string_to_array(terms, ' '))"
_GROUP = 400
_THE_ONE = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found under `key`. The first `leading` of the terms stand in the title; `slips` are (slip, word)."""

    key: str
    title: str
    terms: tuple[str, ...]
    leading: int
    slips: frozenset[tuple[str, str]] = frozenset()
    pillar: str | None = None
    staff_only: bool = False


def is_outside_models(name: str | None) -> bool:
    """Whether a table or index is of full-text search, which the models cannot describe."""
    return (name or "").startswith(FULL_TEXT) or name == TERMS_INDEX


def put(session: Session, entries: Sequence[Entry]) -> None:
    """Enter these, each in place of what stood under its key, within this transaction."""
    for group in _grouped(entries):
        statement = insert_ignoring(session, SearchEntry).values([_row(entry) for entry in group])
        fresh = {name: statement.excluded[name] for name in _row(group[0]) if name != "key"}
        session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=fresh))
        _put_full_text(session, [entry.key for entry in group])
    _put_slips(session, {pair for entry in entries for pair in entry.slips})


def _row(entry: Entry) -> dict[str, object]:
    return {
        "key": entry.key,
        "staff_only": entry.staff_only,
        "pillar": entry.pillar,
        "title": entry.title,
        "terms": " ".join(entry.terms),
        "leading": entry.leading,
    }


def _put_full_text(session: Session, keys: Sequence[str]) -> None:
    if not _is_sqlite(session):
        return
    rows = session.execute(select(SearchEntry.id, SearchEntry.terms).where(SearchEntry.key.in_(keys))).all()
    values = [{"id": row.id, "terms": row.terms} for row in rows]
    session.execute(text(f"DELETE FROM {FULL_TEXT} WHERE rowid = :id"), values)  # noqa: S608
    session.execute(text(f"INSERT INTO {FULL_TEXT} (rowid, terms) VALUES (:id, :terms)"), values)  # noqa: S608


def _put_slips(session: Session, pairs: Collection[tuple[str, str]]) -> None:
    # In one order always: two transactions that enter the same words never wait for each other crosswise.
    statement = insert_ignoring(session, SearchSlip).on_conflict_do_nothing()
    for group in _grouped(sorted(pairs)):
        session.execute(statement, [{"slip": slip, "word": word} for slip, word in group])


def remove(session: Session, key: str) -> None:
    """Nothing is found under this key any more."""
    if _is_sqlite(session):
        order = f"DELETE FROM {FULL_TEXT} WHERE rowid IN (SELECT id FROM search_entries WHERE key = :key)"  # noqa: S608
        session.execute(text(order), {"key": key})
    session.execute(delete(SearchEntry).where(SearchEntry.key == key))


def clear(session: Session) -> None:
    """Nothing is found at all."""
    if _is_sqlite(session):
        session.execute(text(f"DELETE FROM {FULL_TEXT}"))  # noqa: S608
    session.execute(delete(SearchEntry))
    session.execute(delete(SearchSlip))


def built_from(session: Session, *, to_build: bool = False) -> str:
    """The fingerprint of what the index was made from; empty for none. To build it anew, the row is locked first."""
    if to_build:
        session.execute(
            insert_ignoring(session, SearchBuild).values(id=_THE_ONE, fingerprint="").on_conflict_do_nothing()
        )
    look = select(SearchBuild.fingerprint).where(SearchBuild.id == _THE_ONE)
    return session.scalar(look.with_for_update() if to_build else look) or ""


def note_build(session: Session, fingerprint: str) -> None:
    """The index is made from this now."""
    statement = insert_ignoring(session, SearchBuild).values(id=_THE_ONE, fingerprint=fingerprint)
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"fingerprint": fingerprint}))
    if not _is_sqlite(session):
        # Until it knows how often a term stands there, PostgreSQL reads the whole table for it.
        session.execute(text("ANALYZE search_entries"))


def size(session: Session) -> int:
    """How many things can be found."""
    return session.scalar(select(func.count()).select_from(SearchEntry)) or 0


def counts(session: Session, terms: Sequence[str]) -> tuple[int, Mapping[str, int]]:
    """How many entries there are, and how many hold each of these terms."""
    names = {f"t{number}": term for number, term in enumerate(terms)}
    one = "SELECT '{0}' AS name, count(*) AS entries {1}"
    each = [one.format(name, _where(session, name)) for name in names]
    order = " UNION ALL ".join([one.format("", "FROM search_entries"), *each])
    rows = session.execute(text(order), {name: _any_of(session, [term]) for name, term in names.items()})
    found = {row.name: row.entries for row in rows}
    return found[""], {term: found[name] for name, term in names.items()}


def holding(session: Session, terms: Sequence[str], *, staff: bool) -> list[Entry]:
    """Every entry with one of these terms at least."""
    if not terms:
        return []
    number = "rowid AS id" if _is_sqlite(session) else "id"
    found = text(f"SELECT {number} {_where(session, 'any')}").bindparams(any=_any_of(session, terms))
    look = select(*_COLUMNS).where(SearchEntry.id.in_(found.columns(SearchEntry.id).scalar_subquery()))
    rows = session.execute(look if staff else look.where(SearchEntry.staff_only.is_(False)))
    return [Entry(row[0], row[1], tuple(row[2].split()), row[3], pillar=row[4]) for row in rows]


_COLUMNS = (SearchEntry.key, SearchEntry.title, SearchEntry.terms, SearchEntry.leading, SearchEntry.pillar)


def words_near(session: Session, slips: Iterable[str]) -> Sequence[str]:
    """Words of the index that have one of these forms in common, in their order."""
    forms = sorted(slips)
    look = select(SearchSlip.word).where(SearchSlip.slip.in_(forms)).distinct()
    return sorted(session.scalars(look)) if forms else ()


def erase(connection: Connection) -> None:
    """Drop what stands outside the models."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TABLE IF EXISTS {FULL_TEXT}"))


def _where(session: Session, parameter: str) -> str:
    """Where terms are looked for."""
    if _is_sqlite(session):
        return f"FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH :{parameter}"
    return f"FROM search_entries WHERE {_VECTOR} @@ CAST(:{parameter} AS tsquery)"


def _grouped(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[start : start + _GROUP] for start in range(0, len(things), _GROUP))


def _any_of(session: Session, terms: Sequence[str]) -> str:
    quote, between = ('"', " OR ") if _is_sqlite(session) else ("'", " | ")
    return between.join(f"{quote}{term}{quote}" for term in terms)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
