"""A region with something to show on every screen, and somebody in every role."""

from collections.abc import Mapping
from datetime import timedelta

from db.models import Item
from db.vocabulary import MeetingKind, Role
from tests import stage
from tests.items.evidence import Desk, pdf, photo
from tests.meetings.office import Office
from tests.people.phone import Phone, Town
from tests.stage import KATINGAN, TEBING_TINGGI

STATES = {
    "accepted": "kl-sk-dewan",
    "submitted": "kl-sk-tim",
    "returned": "kl-pokja",
    "started": "kl-peserta-tetap",
    "waived": "nk-telaah",
    "waiver": "kl-rakor",
    "entrusted": "bp-slide",
    "extended": "bp-delegasi",
}


def sample(town: Town) -> Mapping[Role, Phone]:
    """Everybody's telephone, after the region has worked for a while."""
    desk = Desk.open(town)
    stage.region(town.work(), KATINGAN)
    people: dict[Role, Phone] = {role: _member(town, role) for role in Role if role not in (Role.LEAD, Role.MENTOR)}
    phones: dict[Role, Phone] = {**people, Role.LEAD: desk.lead, Role.MENTOR: desk.mentor}
    _work(desk)
    _entrust(desk, phones[Role.CONTRIBUTOR])
    _move_deadlines(desk, phones[Role.COORDINATOR])
    _meet(town, phones)
    return phones


def _meet(town: Town, phones: Mapping[Role, Phone]) -> None:
    """A bimtek that is going on, one that was cancelled, and a visit of the mentor."""
    office = Office(town, phones[Role.COORDINATOR], phones[Role.MENTOR], phones[Role.LEAD], phones[Role.OFFICIAL])
    bimtek = {"kind": MeetingKind.BIMTEK, "milestone_key": "bimtek-4", "link": "https://zoom.us/j/123"}
    going = office.exists(starts_at=town.now - timedelta(hours=1), ends_at=town.now + timedelta(hours=1), **bimtek)
    office.exists(cancelled_at=town.now, cancelled_why="Narasumber berhalangan.")
    office.exists(kind=MeetingKind.VISIT, mentor_id=office.mentor.person.id, starts_at=town.now, ends_at=going.ends_at)
    office.siti.sends_data(f"a:meet-come:{going.id}:0")
    going.tell_at, going.told = town.now, {}
    office.ticks()


def _member(town: Town, role: Role) -> Phone:
    region = TEBING_TINGGI if role in (Role.OFFICIAL, Role.CONTRIBUTOR) else None
    return town.member(role, region, f"Warga {role.value}")


def _work(desk: Desk) -> None:
    for state in ("accepted", "submitted", "returned"):
        desk.submits(key=STATES[state])
    desk.returns("SK belum memuat lampiran susunan tim.", key=STATES["returned"])
    desk.accepts(key=STATES["accepted"])
    desk.attaches(key=STATES["started"], **photo(unique="p1", caption="Rapat"))
    desk.lead.presses("later")
    desk.lead.sends_data(f"a:waive:{_id(desk, 'waived')}:0").writes("Kota kami tidak memerlukannya.")
    desk.lead.sends_data(f"a:waive:{_id(desk, 'waiver')}:0").writes("Rapat sudah digabung dengan yang lain.")
    desk.lead.sends_data("a:declare:0:0")
    desk.lead.presses("1. ").presses("Declare done")


def _entrust(desk: Desk, helper: Phone) -> None:
    item = desk.item(STATES["entrusted"])
    seat = helper.visit().seats[0]
    desk.lead.sends_data(f"a:assign:{item.id}-{seat.id}:{item.version}")
    desk.attaches(helper, STATES["entrusted"], **pdf("Slide.pdf", unique="slide"))
    helper.presses("later")


def _move_deadlines(desk: Desk, coordinator: Phone) -> None:
    """One extension was granted, and one is asked for."""
    for state in ("entrusted", "extended"):
        desk.lead.sends_data(f"a:extend:{_id(desk, state)}:0").writes("27 November").writes("Narasumber berhalangan.")
        desk.lead.presses("Send the request")
    coordinator.presses_letter("Open the request").presses("Grant")


def _id(desk: Desk, state: str) -> int:
    return desk.item(STATES[state]).id


def item_of(desk: Desk, state: str) -> Item:
    return desk.item(STATES[state])
