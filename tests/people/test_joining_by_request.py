"""Without an invitation: a request that somebody decides."""

from sqlalchemy import select

from db.models import AuditEntry, JoinRequest, Seat
from db.vocabulary import RequestState, Role
from tests.people.phone import Phone, Town
from tests.stage import KATINGAN, TEBING_TINGGI

GREETING = "Hello. I am Pandu, the assistant of this programme."


def asks(phone: Phone, region: str = "Kota Tebing Tinggi", role: str = "Member of the team") -> Phone:
    """A stranger asks for a place in a team, up to the consent."""
    phone.writes("halo").presses("Ask for access").writes(region).presses(role)
    return phone.presses("Use:").writes("Kepala Bidang Aptika").presses("I agree")


def test_whatever_a_stranger_sends_gets_the_same_kind_sentence_and_no_data(town: Town) -> None:
    town.member(Role.LEAD, TEBING_TINGGI, "Rahasia Daerah")
    guest = town.newcomer()

    seen = [guest.writes(text).text for text in ("halo", "daftar daerah yang terlambat", "/tugas", "/daerah", "1")]
    seen.append(guest.sends(sticker=_sticker()).text)

    assert seen[0].startswith(GREETING)
    assert not any("Rahasia" in text or "Tebing" in text for text in seen)
    assert not guest.known


def _sticker() -> dict[str, object]:
    return {
        "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "is_animated": False,
        "is_video": False,
    }  # fmt: skip


def test_a_kota_is_never_taken_for_the_kabupaten_of_its_name(town: Town) -> None:
    guest = town.newcomer().writes("halo").presses("Ask for access").writes("mojokerto")
    assert {"Kota Mojokerto, Jawa Timur", "Kabupaten Mojokerto, Jawa Timur"} <= set(guest.buttons)

    guest.writes("kota mojokerto")

    assert "Region: Kota Mojokerto, Jawa Timur" in guest.text


def test_a_region_that_is_not_found_is_asked_for_again_and_more_concretely(town: Town) -> None:
    guest = town.newcomer().writes("halo").presses("Ask for access").writes("Qwxyz")
    assert "No region of this name was found yet." in guest.text

    guest.writes("Zyxwq")

    assert "write kota or kabupaten and the name" in guest.text
    assert "Which kota or kabupaten do you work for?" in guest.text


def test_a_request_reaches_coordinators_and_the_lead_of_its_region_only(town: Town) -> None:
    coordinator, lead = town.member(Role.COORDINATOR), town.member(Role.LEAD, TEBING_TINGGI)
    elsewhere, member = town.member(Role.LEAD, KATINGAN), town.member(Role.OFFICIAL, TEBING_TINGGI)

    asks(town.newcomer("Rina Wulandari"))

    assert "Rina Wulandari, Kepala Bidang Aptika" in coordinator.told()[-1]
    assert "Request to join" in lead.told()[-1]
    assert elsewhere.told() == member.told() == []


def test_who_asks_to_lead_is_decided_by_coordinators_alone(town: Town) -> None:
    coordinator, lead = town.member(Role.COORDINATOR), town.member(Role.LEAD, TEBING_TINGGI, "Ketua Lama")

    asks(town.newcomer(), role="Lead of the team")
    request = town.session.scalars(select(JoinRequest)).one()
    lead.sends_data(f"a:approve:{request.id}:0")

    assert lead.told() == []
    assert lead.alert
    assert "already in this team: Ketua Lama" in coordinator.told()[-1]


def test_a_namesake_in_the_team_is_pointed_out(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    town.member(Role.OFFICIAL, TEBING_TINGGI, "RINA WULANDARI, S.T.")
    town.member(Role.OFFICIAL, TEBING_TINGGI, "rina  wulandari")

    asks(town.newcomer("Rina Wulandari"))

    assert "already in this team: rina  wulandari" in lead.told()[-1]


def test_approval_seats_the_person_once_however_often_it_is_pressed(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    guest = asks(town.newcomer())
    for _tap in range(20):
        lead.presses_letter("Approve")

    assert lead.toast == "Already approved."
    assert len(town.session.scalars(select(Seat).where(Seat.holder_id == guest.person.id)).all()) == 1
    assert len(town.session.scalars(select(AuditEntry).where(AuditEntry.act == "approve")).all()) == 1
    assert sum("Your request was approved." in text for text in guest.told()) == 1


def test_a_request_is_never_turned_down_without_a_reason_and_the_reason_arrives(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    guest = asks(town.newcomer())
    lead.presses_letter("Turn down").writes("   ")
    assert "write the reason" in lead.text

    lead.writes("Belum ada surat tugas.").presses("Turn down")

    request = town.session.scalars(select(JoinRequest)).one()
    assert (request.state, request.reason) == (RequestState.REJECTED, "Belum ada surat tugas.")
    assert "Belum ada surat tugas." in guest.told()[-1]
    assert "Ibu Sari, 021-5550101" in guest.told()[-1]


def test_batal_typed_as_a_reason_is_a_reason(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    asks(town.newcomer())

    lead.presses_letter("Turn down").writes("Batal").presses("Turn down")

    assert town.session.scalars(select(JoinRequest.reason)).one() == "Batal"


def test_after_the_outcome_one_may_ask_again_but_not_while_waiting(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    guest = asks(town.newcomer())
    guest.sends_data("a:ask_access:0:0")
    assert "still waits" in guest.toast

    lead.presses_letter("Turn down").writes("Belum jelas.").presses("Turn down")
    guest.sends_data("a:ask_access:0:0")

    assert "Which kota or kabupaten" in guest.text


def test_the_list_of_requests_shows_the_oldest_first_and_opens_each(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    asks(town.newcomer("Pertama"))
    asks(town.newcomer("Kedua"))

    lead.sends_data("s:requests")
    names = [label for label in lead.buttons if "Kota Tebing Tinggi" in label]
    assert names == ["Pertama · Kota Tebing Tinggi", "Kedua · Kota Tebing Tinggi"]
    lead.presses("Pertama").presses("Approve")

    assert "Pertama was approved" in lead.text


def test_a_member_asks_for_a_second_seat_without_repeating_name_and_consent(town: Town) -> None:
    coordinator, member = town.member(Role.COORDINATOR), town.member(Role.OFFICIAL, TEBING_TINGGI)

    member.writes("/profil").presses("Ask for a seat").writes("Katingan").presses("Member of the team")
    assert "The request was sent" in member.text
    coordinator.presses_letter("Approve")

    member.writes("/profil")
    assert "official of the region, Kabupaten Katingan" in member.text
    member.presses("🔀").writes("/profil")
    assert "🔘 official of the region, Kabupaten Katingan (active)" in member.text
