"""A region's people and a coordinator who talk about deadlines. It is Saturday, 14 November 2026, 09.00 WIB."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select

from bot.services.deadlines import due_of, forget
from db.models import AuditEntry, Extension, Item
from db.vocabulary import Role
from tests.people.phone import Phone, Town
from tests.stage import TEBING_TINGGI

# Of the stage bahan-penutupan, due on Monday, 23 November.
ITEM, STAGE = "bp-slide", "bahan-penutupan"
REASON = "Narasumber berhalangan hadir."


@dataclass
class Hall:
    """Everybody's telephone, and what they do with deadlines in a few words."""

    town: Town
    official: Phone
    lead: Phone
    coordinator: Phone

    @classmethod
    def open(cls, town: Town) -> Self:
        return cls(
            town,
            town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono"),
            town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma"),
            town.member(Role.COORDINATOR, None, "Sari Wulandari"),
        )

    def item(self, key: str = ITEM, region: str = TEBING_TINGGI) -> Item:
        chosen = select(Item).where(Item.key == key, Item.region_code == region)
        return self.town.session.scalars(chosen.execution_options(populate_existing=True)).one()

    def opens(self, phone: Phone, key: str = ITEM, region: str = TEBING_TINGGI) -> Phone:
        return phone.sends_data(f"s:item-id:{self.item(key, region).id}")

    def begins(self, phone: Phone, key: str = ITEM) -> Phone:
        return self.opens(phone, key).presses("Ask for more time")

    def asks(self, phone: Phone | None = None, day: str = "27 November", *, personal: bool = False) -> Extension:
        """Ask for an item until this day, and send it."""
        asker = self.begins(phone or self.official).writes(day).writes(REASON)
        if personal:
            asker.presses("Only for me")
        asker.presses("Send the request")
        return self.newest()

    def grants(self, phone: Phone | None = None) -> Extension:
        (phone or self.coordinator).presses_letter("Open the request").presses("Grant")
        return self.newest()

    def extends(self, day: str = "27 November", *, key: str = ITEM, region: str = TEBING_TINGGI) -> Extension:
        """A coordinator gives an extension for an item unasked."""
        self.opens(self.coordinator, key, region).presses("⏳ Extend").writes(day).writes(REASON).presses("✅ Extend")
        return self.newest()

    def newest(self) -> Extension:
        found = self.all()
        assert found
        return found[-1]

    def all(self) -> list[Extension]:
        rows = select(Extension).order_by(Extension.id).execution_options(populate_existing=True)
        return list(self.town.session.scalars(rows))

    def due(self, key: str = ITEM, region: str = TEBING_TINGGI, phone: Phone | None = None) -> str:
        """The last day in force, read anew: "27-11"."""
        work = self.town.work()
        forget(work)
        return f"{due_of(work, region, key, phone.person.id if phone else None).day:%d-%m}"

    def acts(self) -> list[str]:
        """What the audit says was done to extensions, in order."""
        rows = select(AuditEntry.act).where(AuditEntry.subject == "extension").order_by(AuditEntry.id)
        return list(self.town.session.scalars(rows))
