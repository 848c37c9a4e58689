"""Teams, seats, profiles, settings, consent and reachability."""

from sqlalchemy import select

from bot.flows.notice import NOTICE_VERSION
from bot.services import seats
from bot.services.seats import Grantable
from db.models import AuditEntry, Seat
from db.vocabulary import ItemState, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.stage import BANGGAI, KATINGAN, TEBING_TINGGI


def acts(town: Town, *names: str) -> list[str]:
    return list(town.session.scalars(select(AuditEntry.act).where(AuditEntry.act.in_(names)).order_by(AuditEntry.id)))


def seat_of(town: Town, phone: Phone) -> Seat:
    return town.session.scalars(select(Seat).where(Seat.holder_id == phone.person.id)).one()


def test_a_team_shows_its_members_leads_first_with_roles(town: Town) -> None:
    member, lead = town.member(Role.OFFICIAL, TEBING_TINGGI, "Anggota"), town.member(Role.LEAD, TEBING_TINGGI, "Ketua")
    town.member(Role.OFFICIAL, KATINGAN, "Orang Jauh")

    member.sends_data("s:team")

    assert member.text.index("Ketua, team lead") < member.text.index("Anggota, official")
    assert "Orang Jauh" not in member.text
    assert "✉️ Invite" not in member.buttons
    assert "✉️ Invite" in lead.sends_data("s:team").buttons


def test_removing_says_what_follows_with_the_safe_button_first(town: Town) -> None:
    lead, member = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Pelaksana")
    item = next(iter(stage.region(town.work()).values()))
    stage.put(town.work(), item, ItemState.STARTED, assignee_id=seat_of(town, member).id)

    lead.sends_data(f"s:member:{seat_of(town, member).id}").presses("Take out of team")
    assert next(iter(lead.buttons)) == "No, keep"
    assert "1 entrusted item returns to the team." in lead.text
    lead.presses("Yes, take out")

    town.session.refresh(item)
    assert (item.assignee_id, item.state) == (None, ItemState.STARTED)
    assert "Pelaksana no longer belongs to the team." in lead.text


def test_a_lead_cannot_remove_another_lead_but_a_coordinator_can(town: Town) -> None:
    lead, other = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.LEAD, TEBING_TINGGI, "Ketua Lain")
    coordinator, number = town.member(Role.COORDINATOR), seat_of(town, other).id

    lead.sends_data(f"a:remove:{number}:0")
    assert lead.alert
    coordinator.sends_data(f"a:remove:{number}:0")

    assert seat_of(town, other).ended_at == town.now


def test_nobody_ends_the_own_seat_by_mistake(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)
    lead = town.member(Role.LEAD, TEBING_TINGGI)

    lead.sends_data(f"a:remove:{seat_of(town, lead).id}:0")

    assert lead.alert
    assert seat_of(town, lead).ended_at is None
    assert coordinator.told() == []


def test_the_header_names_the_seat_one_has_switched_to(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI)
    stage.seat(town.work(), member.person, Role.LEAD, BANGGAI)

    member.writes("/profil").presses("Kabupaten Banggai")

    assert "Kabupaten Banggai" in member.text
    assert acts(town, "switch") == ["switch"]
    assert member.visit().zone == "Asia/Makassar"


def test_a_region_takes_part_from_its_first_seat_on_and_a_seat_is_given_once(town: Town) -> None:
    work = town.work()
    person = stage.person(work)

    first = seats.give(work, person, Grantable(Role.LEAD, BANGGAI))
    again = seats.give(work, person, Grantable(Role.LEAD, BANGGAI))

    assert first.id == again.id
    assert len(stage.region(work, BANGGAI)) == len(stage.content().items)
    assert acts(town, "seat") == ["seat"]


def test_name_and_position_are_changed_by_their_owner_and_the_audit_keeps_no_name(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI, "Lama")

    member.writes("/profil").presses("Change name").writes("Selesai").presses("Change position").writes("Sekda")

    assert (member.person.name, member.person.position) == ("Selesai", "Sekda")
    lines = town.session.scalars(select(AuditEntry).where(AuditEntry.act == "change")).all()
    assert [line.after for line in lines] == [{"column": "name"}, {"column": "position"}]


def test_a_name_that_cannot_be_read_leaves_the_question_open(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI, "Lama")

    member.writes("/profil").presses("Change name").writes("\u200b")

    assert member.person.name == "Lama"
    assert "could not be read yet" in member.text
    assert "Name now: Lama" in member.text


def test_language_zone_and_data_saver_change_with_one_press(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI)
    member.writes("/pengaturan").presses("WITA").presses("Data saver").presses("Bahasa Indonesia")

    person = member.person
    assert (person.language, person.timezone, person.data_saver) == ("id", "Asia/Makassar", True)


def test_a_zone_that_is_not_indonesian_is_refused(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI)

    member.sends_data("a:zone:Europe/Paris:0")

    assert member.alert
    assert member.person.timezone is None


def test_a_newer_notice_is_shown_before_anything_else_and_the_open_question_waits(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI, notice_version=NOTICE_VERSION - 1)

    member.writes("/menu")
    assert "The privacy notice has changed." in member.text
    member.presses("I agree")

    assert member.person.notice_version == NOTICE_VERSION
    assert acts(town, "consent") == ["consent"]
    assert "privacy notice has changed" not in member.writes("/menu").text


def test_blocking_and_coming_back_each_leave_one_line(town: Town) -> None:
    member = town.member(Role.OFFICIAL, TEBING_TINGGI)
    lead = town.member(Role.LEAD, TEBING_TINGGI)

    member.blocks().blocks()
    assert "takes no messages" in lead.sends_data(f"s:member:{seat_of(town, member).id}").text
    member.writes("/menu").writes("/menu")

    assert acts(town, "unreachable", "reachable") == ["unreachable", "reachable"]
    assert member.person.unreachable_at is None


def test_help_names_a_human_contact_and_the_commands_of_the_role(town: Town) -> None:
    stranger, lead, mentor = town.newcomer(), town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.MENTOR)

    for phone in (stranger, lead, mentor):
        assert "A person to ask: Ibu Sari, 021-5550101" in phone.writes("/bantuan").text
    assert "/tugas" in lead.text
    assert "/tinjau" in mentor.text
    assert "/tugas" not in stranger.text


def test_the_privacy_notice_is_open_to_everybody_and_names_law_and_contact(town: Town) -> None:
    for phone in (town.newcomer(), town.member(Role.LEAD, TEBING_TINGGI)):
        phone.writes("/privasi")
        assert f"Privacy notice (version {NOTICE_VERSION})" in phone.text
        assert "Law 27/2022" in phone.text
        assert "privasi@contoh.go.id" in phone.text


def test_empty_lists_say_what_to_do_next(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)

    assert "Nobody waits at the moment." in lead.sends_data("s:requests").text
    assert "No invitation is open at the moment." in lead.sends_data("s:invites").text
    assert any("New invitation" in label for label in lead.buttons)


def test_a_coordinator_invites_for_a_region_found_by_name_and_takes_it_back(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)
    coordinator.writes("/undang").presses("New invitation").presses("Team lead").writes("halmahera selatan")
    coordinator.writes("Pak Ahmad").presses("Make invitation")
    assert "Kabupaten Halmahera Selatan" in coordinator.text

    coordinator.sends_data("s:invites").presses("-…").presses("Take back")

    assert "was taken back" in coordinator.text
    assert "No invitation is open" in coordinator.text


def test_mentors_are_invited_for_a_pillar_and_all_regions(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)
    coordinator.writes("/undang").presses("New invitation").presses("Mentor").presses("All regions")
    coordinator.presses("Smart Living").presses("Skip").presses("Make invitation")

    assert "mentor, Smart Living" in coordinator.text
