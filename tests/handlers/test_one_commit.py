"""People who act at the same moment are answered in one commit: what one does, the others already see."""

from typing import Any

from sqlalchemy.orm import Session

from bot.flows.working import FLOW, Collecting
from db.vocabulary import Role
from tests import stage
from tests.flows.specimens import specimen
from tests.handlers.counter import Counter
from tests.handlers.test_anything_sent import known, user
from tests.items.sample import sample
from tests.people.phone import Phone, Town


def sends(phone: Phone, number: int, **content: Any) -> tuple[int, str, dict[str, Any]]:
    chat = {"id": phone.account, "type": "private"}
    date = int(stage.NOW.timestamp())
    return phone.account, "message", {"message_id": number, "date": date, "chat": chat, "from": user(phone), **content}


def document(name: str) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name, "file_name": name, "mime_type": "application/pdf", "file_size": 9}


def test_evidence_of_a_colleague_in_the_same_commit_is_shown(session: Session, town: Town) -> None:
    lead, colleague = sample(town)[Role.LEAD], town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Rudi Hartono")
    counter = Counter(session)
    standing = FLOW.save(specimen(Collecting, **known(session)))
    for phone in (lead, colleague):
        counter.stands(phone.account, standing)

    read = counter.hand_in_together(
        sends(lead, 901, document=document("Perwali_41.pdf")), sends(colleague, 902, sticker=_sticker())
    )

    assert "Perwali_41.pdf" in read[lead.account]
    assert "Perwali_41.pdf" in read[colleague.account]


def _sticker() -> dict[str, Any]:
    flags = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"file_id": "s", "file_unique_id": "s", **flags}
