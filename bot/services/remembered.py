"""What a person sent a moment ago, read once more from the update that is kept: so that a button can take it up."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.buttons import row_number
from bot.flows.composing import File, Part, Parts
from bot.services.visits import Visit
from db.models import InboxUpdate
from db.vocabulary import EvidenceKind

_KINDS = {"document": EvidenceKind.DOCUMENT, "video": EvidenceKind.VIDEO, "voice": EvidenceKind.VOICE}


def parts_of(visit: Visit, update_id: object) -> Parts:
    """The message of an update of this very chat; empty when it is gone, or said nothing."""
    payload = visit.work.session.scalar(
        select(InboxUpdate.payload).where(
            InboxUpdate.update_id == row_number(update_id), InboxUpdate.chat_id == visit.chat.chat_id
        )
    )
    message = json.loads(payload).get("message") if payload else None
    return (_part(message),) if message else ()


def update_id(visit: Visit) -> str:
    """The number of the update that is being answered."""
    return visit.work.cause.removeprefix("update ")


def _part(message: dict[str, Any]) -> Part:
    return Part(
        key=f"{message['chat']['id']}:{message['message_id']}",
        at=datetime.fromtimestamp(message["date"], UTC),
        text=message.get("text") or message.get("caption") or "",
        file=_file(message),
        album=message.get("media_group_id"),
    )


def _file(message: dict[str, Any]) -> File | None:
    if message.get("photo"):
        return _kept(EvidenceKind.PHOTO, message["photo"][-1], "")
    for name, kind in _KINDS.items():
        if name in message:
            return _kept(kind, message[name], message[name].get("file_name") or "")
    return None


def _kept(kind: EvidenceKind, file: dict[str, Any], name: str) -> File:
    return File(
        kind=kind, file_id=file["file_id"], unique_id=file["file_unique_id"], name=name, size=file.get("file_size")
    )
