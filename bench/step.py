"""One durable step, the same for every contender: who presses, may they, keep where they stand, say it."""

from datetime import datetime
from typing import Any

from db.models import AuditEntry, Conversation, Seat
from db.vocabulary import ActorKind, Role

MAY_LOOK = frozenset({Role.OFFICIAL, Role.LEAD, Role.MENTOR, Role.COORDINATOR})
_KEYS = [
    [{"text": "Tugas saya", "callback_data": "s:tasks"}, {"text": "Tahapan", "callback_data": "s:stages"}],
    [{"text": "Kemajuan", "callback_data": "s:progress"}, {"text": "Bantuan", "callback_data": "s:help"}],
]


def advance(conversation: Conversation, seat: Seat, data: str, now: datetime) -> None:
    """Check the right, move the conversation."""
    if seat.role not in MAY_LOOK:
        raise PermissionError(seat.role)
    conversation.turn += 1
    conversation.screen = data[2:]
    conversation.changed_at = now


def audit_line(person_id: int, seat: Seat, turn: int, update_id: int, now: datetime) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor_kind=ActorKind.PERSON,
        actor_id=person_id,
        role=seat.role,
        act="look",
        subject="screen",
        subject_id=turn,
        reason="",
        cause=f"update:{update_id}",
    )


def screen(name: str, turn: int) -> tuple[str, dict[str, Any]]:
    text = (
        f"<b>Beranda</b>\n\nBapak/Ibu {name}, 12 dari 74 butir diterima (langkah {turn}).\nTenggat: Senin, 30 November."
    )
    return text, {"inline_keyboard": _KEYS}
