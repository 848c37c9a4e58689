"""What must be true of every reader when a broadcast is over: one end each, and never two copies."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commandline.announcement import described
from db.models import OutboxMessage, Person
from db.vocabulary import Lane, OutboxState
from simulator.ledger import Ledger
from tests.killing.broadcast import Broadcast
from tests.killing.broadcast_scene import WORDS
from tests.killing.oracle import Account, lose

Told = Mapping[str, Any]


def judge_broadcast(session: Session, people: Broadcast, account: Account) -> None:
    """Hold what `pandu announcement 1 --json` tells against what Telegram took."""
    told = described(session, 1)
    copies = _copies(people.sim.ledger)
    rows = {one["name"]: one for one in told["readers"]}
    names = Counter(one["name"] for one in told["readers"])
    _fault(account, names != Counter(people.scene.readers.values()), "the readers are not those who were meant")
    _fault(account, told["state"] != "done", f"the announcement is {told['state']}")
    for telegram_id, name in people.scene.readers.items():
        _reader(account, rows[name], copies[telegram_id], telegram_id in people.scene.blocked)
    _unknown(session, rows, account)
    _confirmed(people, rows, account)
    _unreachable(session, people, rows, account)
    account.more += _in_short(rows, copies, people)


def _fault(account: Account, is_so: bool, what: str) -> None:
    if is_so:
        account.faults.append(what)


def _copies(ledger: Ledger) -> Counter[int]:
    """How many copies of the announcement Telegram took, by chat."""
    taken = (one for one in ledger.of("sendMessage") if WORDS in one["params"]["text"])
    return Counter(one["chat_id"] for one in taken)


def _reader(account: Account, row: Told, copies: int, is_blocked: bool) -> None:
    """Each state says something about how many copies there are; there is none beside these."""
    told = f"{row['name']} is {row['state']} ({row['why']}) with {copies} copies"
    match row["state"]:
        case "sent":
            lose(account, copies == 0, told)
        case "failed":
            _fault(account, copies > 0 or not is_blocked, told)
        case "in_doubt":
            pass
        case _:
            _fault(account, True, told)
    _fault(account, copies > 1 or row["attempts"] != 1, f"{told}, tried {row['attempts']} times")


def _unknown(session: Session, rows: Mapping[str, Told], account: Account) -> None:
    """Whatever the outbox does not know is listed by name, but for those who have confirmed since; nothing else is."""
    unknown = select(Person.name).join(OutboxMessage, OutboxMessage.chat_id == Person.telegram_id)
    mine = OutboxMessage.lane == Lane.BULK, OutboxMessage.state == OutboxState.IN_DOUBT
    wanted = {name for name in session.scalars(unknown.where(*mine)) if rows[name]["read_at"] is None}
    listed = {name for name, row in rows.items() if row["state"] == "in_doubt"}
    _fault(account, wanted != listed, f"unknown are {wanted - listed}, listed are {listed - wanted}")


def _confirmed(people: Broadcast, rows: Mapping[str, Told], account: Account) -> None:
    """Whoever was told that it is noted has a time in the list, and counts as having it."""
    for telegram_id in people.noted:
        row = rows[people.scene.readers[telegram_id]]
        lose(account, row["read_at"] is None or row["state"] != "sent", f"{row['name']} has confirmed: {row}")


def _unreachable(session: Session, people: Broadcast, rows: Mapping[str, Told], account: Account) -> None:
    """Whoever refused the message is known as unreachable, and nobody else."""
    names = people.scene.readers
    marked = set(session.scalars(select(Person.telegram_id).where(Person.unreachable_at.is_not(None))))
    refused = {telegram_id for telegram_id, name in names.items() if rows[name]["state"] == "failed"}
    _fault(account, marked != refused, f"unreachable are {marked}, refused have {refused}")


def _in_short(rows: Mapping[str, Told], copies: Counter[int], people: Broadcast) -> str:
    ends = Counter(row["state"] for row in rows.values())
    arrived = sum(rows[name]["state"] == "in_doubt" and copies[one] for one, name in people.scene.readers.items())
    twice = sum(count > 1 for count in copies.values())
    return (
        f"; announcement: {ends['sent']} sent, {ends['failed']} failed, {ends['in_doubt']} unknown and listed "
        f"({arrived} of them had arrived), {twice} twice, paused by itself {people.resumed} times"
    )
