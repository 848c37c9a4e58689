"""What must be true when everything has come to rest: compared with an undisturbed run, and with Telegram's ledger."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.files import EvidenceStore
from bot.files.store import EvidenceDamagedError
from db.engine import Database
from db.models import AuditEntry, Evidence, InboxUpdate, Item, OutboxMessage, Person, Scope, Seat, Submission
from db.models import SubmissionEvidence as Frozen
from db.outbox import says_gone
from db.vocabulary import EvidenceKind, EvidenceState, InboxState, Lane, OutboxState, Policy
from simulator.ledger import Ledger
from tests.killing.phones import PRESS, STEP

Json = dict[str, Any]
Rows = list[tuple[Any, ...]]

REPEATED = "\n\n<i>(dikirim ulang"
ALBUM = "album:"
_SPEECH = frozenset({"sendMessage", "editMessageText"})


def at_rest(session: Session) -> bool:
    """Whether nothing waits any more: no update, no message, no file."""
    open_updates = select(InboxUpdate.id).where(InboxUpdate.state == InboxState.NEW)
    open_messages = select(OutboxMessage.id).where(OutboxMessage.state.in_([OutboxState.WAITING, OutboxState.SENDING]))
    open_files = select(Evidence.id).where(Evidence.state == EvidenceState.CHECKING)
    return not any(session.scalar(one.limit(1)) for one in (open_updates, open_messages, open_files))


# The state, without numbers and times that differ from run to run


def state_of(session: Session, regions: Iterable[str]) -> dict[str, Rows]:
    """What people have brought about in these regions, in words that two runs have in common."""
    return {name: sorted(rows) for name, rows in _state(session, sorted(regions)).items()}


def _state(session: Session, codes: list[str]) -> dict[str, Rows]:
    mine = Item.region_code.in_(codes)
    by = aliased(Person)
    place = (Item.region_code, Item.key)
    return {
        "items": rows_of(session, select(*place, Item.state, Item.version, Item.reason, Item.note).where(mine)),
        "submissions": rows_of(
            session,
            select(*place, Submission.number, Submission.kind, Submission.verdict, Submission.reason, by.telegram_id)
            .join(Item, Item.id == Submission.item_id)
            .join(by, by.id == Submission.submitted_by_id)
            .where(mine),
        ),
        "frozen": rows_of(
            session,
            select(*place, Submission.number, Evidence.name)
            .join(Submission, Submission.item_id == Item.id)
            .join(Frozen, Frozen.submission_id == Submission.id)
            .join(Evidence, Evidence.id == Frozen.evidence_id)
            .where(mine),
        ),
        "evidence": rows_of(
            session,
            select(*place, Evidence.kind, Evidence.state, Evidence.name, Evidence.size, Evidence.sha256)
            .join(Item, Item.id == Evidence.item_id)
            .where(mine, Evidence.removed_at.is_(None)),
        ),
        "acts on items": rows_of(
            session,
            select(*place, AuditEntry.act, func.count())
            .join(Item, (Item.id == AuditEntry.subject_id) & (AuditEntry.subject == "item"))
            .where(mine)
            .group_by(*place, AuditEntry.act),
        ),
        "other acts": rows_of(
            session,
            select(AuditEntry.act, AuditEntry.subject, func.count())
            .where(AuditEntry.subject != "item")
            .group_by(AuditEntry.act, AuditEntry.subject),
        ),
        "seats": rows_of(
            session,
            select(Seat.role, Scope.region_code, by.telegram_id, Seat.ended_at.is_(None))
            .join(Scope, Scope.seat_id == Seat.id)
            .join(by, by.id == Seat.holder_id),
        ),
        "consents": rows_of(session, select(by.telegram_id, by.name, by.position, by.notice_version)),
        "letters": rows_of(
            session,
            select(OutboxMessage.chat_id, OutboxMessage.method, OutboxMessage.body).where(
                OutboxMessage.lane != Lane.REPLY, OutboxMessage.unique_key.like("item:%")
            ),
        ),
    }


def rows_of(session: Session, statement: Any) -> Rows:
    return [tuple("" if value is None else str(value) for value in row) for row in session.execute(statement)]


# The account of one run


@dataclass
class Account:
    """What was counted; whatever stands in `faults` should not be. In doubt: how often a message was perhaps sent.

    Duplicates: messages that Telegram took more than once; unrecorded are those without a doubt that is written down.
    Unexpected: what nobody wrote. Lost presses: Telegram drops them after 150 seconds.
    """

    kills: int = 0
    updates: int = 0
    messages: int = 0
    in_doubt: int = 0
    duplicates: int = 0
    lost: int = 0
    unexpected: int = 0
    unrecorded: int = 0
    out_of_order: int = 0
    lost_presses: int = 0
    retried: int = 0
    more: str = ""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.updates} updates, {self.messages} messages: {self.lost} lost, "
            f"{self.duplicates} duplicated, {self.unexpected} unexpected, {self.unrecorded} unrecorded, "
            f"{self.out_of_order} out of order, {self.in_doubt} in doubt; {self.retried} updates worked on more than "
            f"once, {self.lost_presses} presses expired at Telegram{self.more}"
        )


def account_of(database: Database, ledger: Ledger, sent: Mapping[int, str], data_dir: Path) -> Account:
    """Hold the database against what left the phones, what Telegram took, and what lies on the disk."""
    account = Account()
    database.write_now(lambda session: _count(session, account, ledger, sent))
    database.write_now(lambda session: _copies(session, account, EvidenceStore(data_dir)))
    return account


def _count(session: Session, account: Account, ledger: Ledger, sent: Mapping[int, str]) -> None:
    _updates(session, account, sent)
    _messages(session, account, ledger)
    _effects(session, account)


def _updates(session: Session, account: Account, sent: Mapping[int, str]) -> None:
    """Every update that left a phone was worked on once, and answered by one panel; a press that came when its step
    was over perhaps by a short note alone."""
    rows = {row.update_id: row for row in session.scalars(select(InboxUpdate))}
    account.updates = len(rows)
    account.retried = sum(row.attempts > 1 for row in rows.values())
    answers = or_(OutboxMessage.unique_key.like("upd:%"), OutboxMessage.unique_key.like(f"{ALBUM}%"))
    answered = set(session.scalars(select(OutboxMessage.unique_key).where(answers)))
    for number, kind in sent.items():
        if number not in rows:
            account.lost_presses += kind in (PRESS, STEP)
            lose(account, kind not in (PRESS, STEP), f"update {number} ({kind}) never came in")
            continue
        row = rows[number]
        lose(account, row.state is not InboxState.DONE, f"update {number} is {row.state}")
        key = kind if kind.startswith(ALBUM) else f"upd:{number}:panel"
        lose(account, kind != STEP and key not in answered, f"update {number} was not answered")
    account.faults += [f"update {number} is from nobody" for number in rows.keys() - sent.keys()]


def lose(account: Account, is_so: bool, what: str) -> None:
    if is_so:
        account.lost += 1
        account.faults.append(what)


def _messages(session: Session, account: Account, ledger: Ledger) -> None:
    """Every message was taken by Telegram, more than once only where a doubt is written down, and in its order."""
    rows: dict[str, list[OutboxMessage]] = {}
    for row in _meant(session.scalars(select(OutboxMessage)).all()):
        rows.setdefault(_sense(row.method, json.loads(row.body)), []).append(row)
    calls = [_sense(entry["method"], entry["params"]) for entry in ledger.entries]
    taken = Counter(calls) + _unchanged(ledger)
    for sense, alike in rows.items():
        _weigh(account, alike, taken[sense])
    unasked = [sense for sense in taken if sense not in rows and sense.startswith("say ")]
    account.unexpected = len(unasked)
    account.faults += [f"nobody wrote {sense[:200]}" for sense in unasked]
    _in_order(account, {sense: alike[0] for sense, alike in rows.items() if len(alike) == 1}, calls)


def _in_order(account: Account, rows: Mapping[str, OutboxMessage], calls: Sequence[str]) -> None:
    """Within a chat and a lane messages came first in the order in which they were written."""
    newest: dict[tuple[int, Lane], OutboxMessage] = {}
    for row in (rows[sense] for sense in dict.fromkeys(calls) if sense in rows):
        before = newest.setdefault((row.chat_id, row.lane), row)
        if row.id < before.id:
            account.out_of_order += 1
            account.faults.append(f"{row.unique_key} came after {before.unique_key}")
        newest[(row.chat_id, row.lane)] = max(row, before, key=lambda one: one.id)


def _meant(rows: Sequence[OutboxMessage]) -> list[OutboxMessage]:
    """All but what gave way, while it still waited, to something that was sent: the answer to a part of an album to
    that to a later part, an answer to its correction."""
    sent = {_matter(row) for row in rows if row.state is OutboxState.SENT}
    return [row for row in rows if row.state is not OutboxState.CANCELLED or _matter(row) not in sent]


def _matter(row: OutboxMessage) -> str:
    """What a message is about, whichever wording it has."""
    key = row.unique_key
    return key.rpartition(":")[0] if key.startswith(ALBUM) else key.partition(":corrected:")[0]


def _weigh(account: Account, alike: list[OutboxMessage], taken: int) -> None:
    doubts, count = sum(row.doubts for row in alike), len(alike)
    keys = ", ".join(row.unique_key for row in alike[:3])
    account.messages += count
    account.in_doubt += doubts
    account.duplicates += max(0, taken - count)
    account.faults += [f"{row.unique_key} is {row.state}" for row in alike if not _has_its_end(row)]
    sent = sum(row.state is OutboxState.SENT for row in alike)
    lose(account, taken < sent, f"{keys}: {sent} sent, {taken} taken")
    allowed = sum(row.doubts for row in alike if row.policy is not Policy.AT_MOST_ONCE)
    if taken - count > allowed:
        account.unrecorded += taken - count - allowed
        account.faults.append(f"{keys}: {count} written, {taken} taken, {allowed} doubts recorded")


def _has_its_end(row: OutboxMessage) -> bool:
    """Sent; or refused by a chat that is closed; or, where a message must never come twice, perhaps sent.

    A page that counts along is drawn by the clock, so perhaps in the very last moment: the next life sends it.
    """
    return (
        row.state is OutboxState.SENT
        or (row.state is OutboxState.WAITING and row.unique_key.startswith("card:"))
        or (row.state is OutboxState.DEAD and says_gone(row.error or ""))
        or (row.state is OutboxState.IN_DOUBT and row.policy is Policy.AT_MOST_ONCE)
    )


def _unchanged(ledger: Ledger) -> Counter[str]:
    """Edits that changed nothing any more: they had been taken before."""
    repeated = (one for one in ledger.refusals if "not modified" in one["description"])
    return Counter(_sense(one["method"], one["params"]) for one in repeated)


def _sense(method: str, body: Mapping[str, Any]) -> str:
    """What a call says, wherever it stands and whether it says that it is a repeat."""
    kept = {name: value for name, value in body.items() if name != "message_id"}
    for name in kept.keys() & {"text", "caption"}:
        kept[name] = kept[name].partition(REPEATED)[0]
    return f"{'say' if method in _SPEECH else method} {json.dumps(kept, sort_keys=True, ensure_ascii=False)}"


def _effects(session: Session, account: Account) -> None:
    """No cause has brought about the same thing twice."""
    one = (AuditEntry.cause, AuditEntry.act, AuditEntry.subject, AuditEntry.subject_id, AuditEntry.region_code)
    twice = select(*one, func.count()).where(AuditEntry.cause.like("update %")).group_by(*one).having(func.count() > 1)
    account.faults += [f"done {row[-1]} times: {tuple(row[:4])}" for row in session.execute(twice)]


def _copies(session: Session, account: Account, store: EvidenceStore) -> None:
    """Every file that was accepted as evidence lies on the disk, bit by bit."""
    kept = select(Evidence.name, Evidence.sha256).where(
        Evidence.state == EvidenceState.STORED, Evidence.kind == EvidenceKind.DOCUMENT
    )
    for name, sha256 in session.execute(kept):
        try:
            store.read(sha256 or "")
        except (OSError, ValueError, EvidenceDamagedError) as error:
            lose(account, True, f"the copy of {name}: {error!r}")


def links_kept(session: Session, account: Account, links: Mapping[int, list[str]]) -> None:
    """Each link that was said is evidence once."""
    kept = Counter(session.scalars(select(Evidence.content).where(Evidence.kind == EvidenceKind.LINK)))
    for link in (link for said in links.values() for link in said):
        lose(account, kept[link] == 0, f"{link} was not kept")
    account.faults += [f"{link} was kept {count} times" for link, count in kept.items() if count > 1]
