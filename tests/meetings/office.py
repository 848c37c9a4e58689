"""A coordinator who schedules, a mentor who goes there, and two regions whose clocks show other hours."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.services import meeting_letters
from bot.services.letters import post_letters
from db.models import Meeting, Seat
from db.vocabulary import MeetingKind, Role
from tests import stage
from tests.people.phone import TEXTS, Phone, Town
from tests.stage import BANGGAI, TEBING_TINGGI


@dataclass
class Office:
    """`ticks` does what the clock's duty does. Tebing Tinggi lives in WIB, Banggai in WITA."""

    town: Town
    coordinator: Phone
    mentor: Phone
    siti: Phone
    andi: Phone

    @classmethod
    def open(cls, town: Town) -> "Office":
        stage.region(town.work(), BANGGAI)
        return cls(
            town,
            town.member(Role.COORDINATOR, None, "Sari Wulandari"),
            town.member(Role.MENTOR, TEBING_TINGGI, "Bambang Sutrisno"),
            town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma"),
            town.member(Role.OFFICIAL, BANGGAI, "Andi Baso"),
        )

    def schedules(self, sort: str = "Bimtek tahap IV", region: str = "Tebing Tinggi", **more: str) -> Meeting:
        """Schedule through the whole conversation; by default for the 20th, in the hall, with the mentor."""
        self.asks_for(sort, region)
        self.coordinator.writes(more.get("when", "20 November 09.00-12.00"))
        self.coordinator.writes(more.get("place", "Aula Dinas Kominfo"))
        if "Which mentor" in self.coordinator.text:
            self.coordinator.presses(more.get("mentor", "Bambang Sutrisno"))
        self.coordinator.presses("✅ Schedule")
        return self.newest()

    def asks_for(self, sort: str, region: str) -> Phone:
        """As far as the question when it begins."""
        self.coordinator.writes("/agenda").presses("Schedule").presses(sort)
        if region == "all":
            return self.coordinator.presses("All regions")
        return self.coordinator.writes(region)

    def exists(self, region: str | None = TEBING_TINGGI, **columns: Any) -> Meeting:
        """A meeting as it stands in the table, known to everybody."""
        work = self.town.work()
        usual: dict[str, Any] = {
            "kind": MeetingKind.COORDINATION,
            "starts_at": datetime(2026, 11, 17, 2, 0, tzinfo=UTC),
            "ends_at": datetime(2026, 11, 17, 5, 0, tzinfo=UTC),
            "created_by_id": self.coordinator.person.id,
        }
        row = Meeting(
            edition_id=work.edition_id,
            region_code=region,
            created_at=work.now,
            changed_at=work.now,
            **(usual | columns),
        )
        self.town.session.add(row)
        self.town.session.flush()
        row.told = meeting_letters.known(row)
        self.town.session.flush()
        return row

    def newest(self) -> Meeting:
        found = self.town.session.scalars(
            select(Meeting).order_by(Meeting.id.desc()).execution_options(populate_existing=True)
        ).first()
        assert found is not None
        return found

    def count(self) -> int:
        return len(self.town.session.scalars(select(Meeting.id)).all())

    def ticks(self, **later: float) -> int:
        """Time passes, then the clock's duty is done. Returns how many were written to."""
        self.town.later(**later)
        work = self.town.work("tick")
        count = meeting_letters.run(work)
        post_letters(self.town.session, work.letters, TEXTS, self.town.now)
        self.town.letters += work.letters
        self.town.session.flush()
        return count

    def leaves(self, phone: Phone) -> None:
        """The seat of this person has ended."""
        for seat in self.town.session.scalars(select(Seat).where(Seat.holder_id == phone.person.id)):
            seat.ended_at = self.town.now
        self.town.session.flush()
