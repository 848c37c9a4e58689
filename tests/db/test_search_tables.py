"""The search index stands beside the models: migrations see it, comparisons do not, erasing takes it along."""

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from db import schema, search, tables
from db.engine import Database
from db.search import Entry

ENTRY = Entry("faq:spbe", "Apa itu SPBE?", ("spbe", "sistem"), 1, frozenset({("spb", "spbe"), ("spbe", "spbe")}))


async def test_the_tables_are_as_the_models_say(database: Database) -> None:
    assert schema.differences(database) == []


async def test_what_is_entered_again_replaces_what_stood_there(database: Database) -> None:
    await database.write(lambda session: search.put(session, [ENTRY]))
    await database.write(
        lambda session: search.put(session, [Entry("faq:spbe", "Apa itu Satu Data?", ("satudata",), 1)])
    )

    counts = await database.read(lambda session: search.counts(session, ["spbe", "satudata"]))
    held = await database.read(lambda session: search.holding(session, ["spbe", "satudata"], staff=False))

    assert counts == (1, {"spbe": 0, "satudata": 1})
    assert [entry.title for entry in held] == ["Apa itu Satu Data?"]


async def test_what_is_removed_is_not_found(database: Database) -> None:
    await database.write(lambda session: search.put(session, [ENTRY]))
    await database.write(lambda session: search.remove(session, "faq:spbe"))

    assert await database.read(lambda session: search.counts(session, ["spbe"])) == (0, {"spbe": 0})
    assert await database.read(search.size) == 0


async def test_what_is_for_the_staff_is_found_by_the_staff_alone(database: Database) -> None:
    entry = Entry("article:1", "Bobot penilaian", ("bobot", "nilai"), 2, staff_only=True)
    await database.write(lambda session: search.put(session, [entry]))

    assert not await database.read(lambda session: search.holding(session, ["bobot"], staff=False))
    assert await database.read(lambda session: search.holding(session, ["bobot"], staff=True))


async def test_words_are_found_by_a_form_with_a_letter_missing(database: Database) -> None:
    await database.write(lambda session: search.put(session, [ENTRY]))

    assert await database.read(lambda session: search.words_near(session, ["spb", "xyz"])) == ["spbe"]


async def test_an_entry_of_a_transaction_that_failed_is_not_found(database: Database) -> None:
    def fail_after_writing(session: Session) -> None:
        search.put(session, [ENTRY])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(fail_after_writing)

    assert await database.read(search.size) == 0
    assert await database.read(lambda session: search.counts(session, ["spbe"])) == (0, {"spbe": 0})


async def test_erasing_leaves_nothing_of_the_index(database: Database) -> None:
    with database.writer.begin() as connection:
        tables.erase(connection)
        left = [name for name in inspect(connection).get_table_names() if name.startswith("search")]

    assert left == []
