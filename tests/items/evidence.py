"""What people do with items at their telephones, in a few words."""

from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import select, update

from db.models import AuditEntry, Evidence, Item, Submission
from db.vocabulary import EvidenceState, Role
from tests.people.phone import Phone, Town
from tests.stage import TEBING_TINGGI

ITEM = "kl-sk-dewan"


def pdf(name: str = "SK Dewan.pdf", size: int = 20_000, unique: str = "u1") -> dict[str, Any]:
    """A document as Telegram tells of it; no bytes are needed."""
    return {
        "document": {
            "file_id": f"f-{unique}",
            "file_unique_id": unique,
            "file_name": name,
            "mime_type": "application/pdf",
            "file_size": size,
        }
    }


def photo(unique: str = "p1", **more: Any) -> dict[str, Any]:
    one = {"file_id": f"f-{unique}", "file_unique_id": unique, "width": 640, "height": 480, "file_size": 90_000}
    return {"photo": [one], **more}


@dataclass
class Desk:
    """The people of one region and their reviewer."""

    town: Town
    lead: Phone
    mentor: Phone

    @classmethod
    def open(cls, town: Town) -> Self:
        lead = town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma")
        return cls(town, lead, town.member(Role.MENTOR, TEBING_TINGGI, "Wayan Sudarma"))

    def item(self, key: str = ITEM, region: str = TEBING_TINGGI) -> Item:
        """The item as the database has it now."""
        chosen = select(Item).where(Item.key == key, Item.region_code == region)
        return self.town.session.scalars(chosen.execution_options(populate_existing=True)).one()

    def opens(self, phone: Phone, key: str = ITEM) -> Phone:
        return phone.sends_data(f"s:item-id:{self.item(key).id}")

    def works(self, phone: Phone | None = None, key: str = ITEM) -> Phone:
        return (phone or self.lead).sends_data(f"a:work:{self.item(key).id}:0")

    def attaches(self, phone: Phone | None = None, key: str = ITEM, **content: Any) -> Phone:
        return self.works(phone, key).sends(**(content or pdf(unique=f"u{self.town.next_update()}")))

    def submits(self, phone: Phone | None = None, key: str = ITEM) -> Submission:
        """Attach a document and submit it; the file is looked into. Returns the submission."""
        self.attaches(phone, key).presses("Check and submit").presses("Submit")
        self.checked()
        return self.submission(key)

    def checked(self, state: EvidenceState = EvidenceState.STORED) -> None:
        """Every file that waits has been looked into."""
        waiting = update(Evidence).where(Evidence.state == EvidenceState.CHECKING)
        self.town.session.execute(waiting.values(state=state))
        self.town.session.expire_all()

    def submission(self, key: str = ITEM) -> Submission:
        """The newest submission of the item."""
        newest = select(Submission).where(Submission.item_id == self.item(key).id).order_by(Submission.number.desc())
        found = self.town.session.scalars(newest).first()
        assert found is not None
        return found

    def accepts(self, phone: Phone | None = None, key: str = ITEM) -> Phone:
        submission = self.submission(key)
        version = self.item(key).version
        return (phone or self.mentor).sends_data(f"a:accept:{submission.id}:{version}")

    def returns(self, reason: str, phone: Phone | None = None, key: str = ITEM) -> Phone:
        submission = self.submission(key)
        chosen = phone or self.mentor
        return chosen.sends_data(f"a:return:{submission.id}:{self.item(key).version}").writes(reason)

    def drafts(self, key: str = ITEM) -> list[Evidence]:
        chosen = select(Evidence).where(Evidence.item_id == self.item(key).id, Evidence.removed_at.is_(None))
        return list(self.town.session.scalars(chosen.order_by(Evidence.id)))

    def acts(self, key: str = ITEM) -> list[str]:
        """What the audit says was done to the item, oldest first."""
        chosen = select(AuditEntry.act).where(AuditEntry.subject == "item", AuditEntry.subject_id == self.item(key).id)
        return list(self.town.session.scalars(chosen.order_by(AuditEntry.id)))
