"""The whole way on both databases, with the simulator at the far end."""

from db.engine import Database
from db.vocabulary import InboxState, OutboxState
from simulator import acts
from tests.doors.hall import Hall


async def test_every_text_is_answered_once_and_in_order(database: Database) -> None:
    async with Hall(database) as hall:
        for number in range(1, 6):
            for word in ("one", "two", "three"):
                hall.says(number, word)
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 15)
        await hall.quiet()

        assert [text.split()[0] for text in hall.texts(3)] == ["one", "two", "three"]
        assert set((await hall.effects()).values()) == {1}
        assert {row.state for row in await hall.outbox()} == {OutboxState.SENT}
        assert {row.state for row in await hall.inbox()} == {InboxState.DONE}


async def test_a_press_edits_the_panel_and_is_answered(database: Database) -> None:
    async with Hall(database) as hall:
        await hall.greets()
        panel = hall.simulator.ledger.of("sendMessage")[0]["message_id"]
        acts.presses(hall.simulator.x, hall.person(1), panel, "1")
        await hall.until(lambda: len(hall.simulator.ledger.of("editMessageText", "answerCallbackQuery")) == 2)
        await hall.quiet()

        assert [entry["message_id"] for entry in hall.simulator.ledger.of("editMessageText")] == [panel]
