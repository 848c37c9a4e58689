"""What people with other intentions try, and how Pandu meets it (case numbers of the security model in names)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.handlers.flood import CALM, NOTE, SILENT, Floods
from bot.services import invites
from bot.services.seats import Grantable
from db.models import AuditEntry, Evidence, Item, JoinRequest, Seat, Submission
from db.vocabulary import EvidenceKind, EvidenceState, ItemState, RequestState, Role, SubmissionKind, Verdict
from tests import stage
from tests.people.phone import TEXTS, Phone, Town
from tests.people.test_joining_by_request import asks
from tests.stage import KATINGAN, NOW, TEBING_TINGGI

HIDDEN = "This could not be found, or it is not open to you."


def item_of(town: Town, region_code: str = TEBING_TINGGI) -> Item:
    return next(iter(stage.region(town.work(), region_code).values()))


def refusals(town: Town) -> list[str]:
    return list(town.session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "refused")))


def test_case_6_a_forged_approval_changes_nothing_and_is_written_down(town: Town) -> None:
    forger = town.member(Role.LEAD, KATINGAN)
    asks(town.newcomer())
    request = town.session.scalars(select(JoinRequest)).one()

    forger.sends_data(f"a:approve:{request.id}:0")

    assert forger.alert
    assert forger.toast == HIDDEN
    assert request.state is RequestState.PENDING
    assert refusals(town) == ["decide_request"]


@pytest.mark.parametrize(
    "data",
    [
        "a:approve:999999:0",
        "a:approve:1 OR 1=1:0",
        "a:approve:99999999999999999999999:0",
        "a:seat:999:0",
        "a:remove:999:0",
        "a:restore:999:0",
        "a:suspend:-1:0",
        "a:revoke:999:0",
        "a:wrongone:999:0",
        "a:invite:0:0",
        "a:reject:0:0",
    ],
)
def test_case_6_forged_buttons_of_every_kind_are_refused_alike(town: Town, data: str) -> None:
    official = town.member(Role.OFFICIAL, TEBING_TINGGI)

    official.sends_data(data)

    assert (official.toast, official.alert) == (HIDDEN, True)
    assert len(refusals(town)) == 1


@pytest.mark.parametrize(
    "key",
    ["requests", "request:1", "invite", "invites", "invitation:1", "team:62.06", "member:9", "removing:9", "person:1"],
)
def test_case_6_screens_that_are_not_theirs_read_as_if_they_did_not_exist(town: Town, key: str) -> None:
    official = town.member(Role.OFFICIAL, TEBING_TINGGI)

    assert HIDDEN in official.sends_data(f"s:{key}").text


def test_case_6_strangers_press_into_the_void(town: Town) -> None:
    guest = town.newcomer()

    for data in ("a:approve:1:0", "a:seat:1:0", "a:rename:0:0", "a:language:en:0", "s:team", "s:profile", "s:settings"):
        guest.sends_data(data)
        assert HIDDEN in guest.text or guest.toast == HIDDEN


def test_case_7_an_old_button_does_nothing_and_shows_the_present_card(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    member = town.member(Role.OFFICIAL, TEBING_TINGGI, "Anggota")
    item = item_of(town)
    seat = town.session.scalars(select(Seat).where(Seat.holder_id == member.person.id)).one()
    stage.put(town.work(), item, ItemState.STARTED)

    lead.sends_data(f"a:assign:{item.id}-{seat.id}:{item.version - 1}")

    assert item.assignee_id is None
    assert "present state" in lead.toast
    assert stage.content().item(item.key).title in lead.text


def test_case_9_a_button_pressed_in_a_group_has_no_effect(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    asks(town.newcomer())
    request = town.session.scalars(select(JoinRequest)).one()

    lead.sends_data(f"a:approve:{request.id}:0", chat={"id": -100, "type": "group", "title": "OPD"})

    assert (lead.toast, lead.alert) == ("This button is not meant for you.", True)
    assert request.state is RequestState.PENDING


def test_case_10_nobody_accepts_what_they_uploaded_or_submitted(town: Town) -> None:
    both = town.member(Role.OFFICIAL, TEBING_TINGGI)
    mentor_seat = stage.seat(town.work(), both.person, Role.MENTOR)
    both.person.active_seat_id = mentor_seat.id
    other = town.member(Role.OFFICIAL, TEBING_TINGGI, "Lain")
    item = stage.put(town.work(), item_of(town), ItemState.SUBMITTED, submitted_at=NOW)
    own = submission(town, item, both)
    uploaded = submission(town, item, other, uploader=both)

    for one in (own, uploaded):
        both.sends_data(f"a:accept:{one.id}:{item.version}")
        assert both.alert
        assert item.state is ItemState.SUBMITTED


def submission(town: Town, item: Item, by: Phone, uploader: Phone | None = None) -> Submission:
    number = len(town.session.scalars(select(Submission)).all()) + 1
    proof = Evidence(
        item_id=item.id,
        kind=EvidenceKind.LINK,
        state=EvidenceState.STORED,
        message_key=str(number),
        uploaded_by_id=(uploader or by).person.id,
        uploaded_at=NOW,
    )
    row = Submission(
        item_id=item.id,
        number=number,
        kind=SubmissionKind.EVIDENCE,
        submitted_by_id=by.person.id,
        submitted_at=NOW,
        due_at=NOW,
        verdict=Verdict.WAITING,
        evidence=[proof],
    )
    town.session.add(row)
    town.session.flush()
    return row


def test_case_11_what_is_another_regions_reads_like_what_does_not_exist(town: Town) -> None:
    official = town.member(Role.OFFICIAL, TEBING_TINGGI)
    foreign = item_of(town, KATINGAN)

    seen = [official.sends_data(f"s:item-id:{number}").text for number in (foreign.id, 999_999)]

    assert seen[0] == seen[1]
    assert HIDDEN in seen[0]
    assert refusals(town) == ["see_item", "see_item"]


def test_case_11_ten_such_attempts_within_a_day_are_told_to_coordinators_once(town: Town) -> None:
    coordinator, official = town.member(Role.COORDINATOR), town.member(Role.OFFICIAL, TEBING_TINGGI)
    foreign = item_of(town, KATINGAN)

    for _attempt in range(12):
        official.sends_data(f"s:item-id:{foreign.id}")

    assert len([text for text in coordinator.told() if "Many attempts were refused" in text]) == 1


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<b>Budi</b>", "<b>Budi</b>"),
        ('<a href="https://x.id">Budi</a>', '<a href="https://x.id">Budi</a>'),
        ("&lt;Budi&gt;", "&lt;Budi&gt;"),
        ("Budi\u202eitnaS", "BudiitnaS"),
        ("Bu\u200bdi", "Budi"),
        ("B" * 300, "B" * 64),
        ("Budi " + "😀" * 300, "Budi " + "😀" * 59),
        ("Budi\n\nTenggat diundur", "Budi Tenggat diundur"),
    ],
)
def test_case_12_a_hostile_name_is_shown_as_text(town: Town, hostile: str, shown: str) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    _invite, code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI))
    guest = town.newcomer().starts(f"i_{code.replace('-', '')}").presses("Yes, continue")

    guest.writes(hostile).presses("Skip").presses("I agree")

    assert guest.person.name == shown
    assert shown in lead.told()[-1]
    letter = town.letters[-1]
    assert "<a href" not in TEXTS.html(letter.say, "en")


@pytest.mark.parametrize("hostile", ["\u200b\u200c", "😀😀", "12345", "...", "\u202e"])
def test_case_12_a_name_without_letters_is_asked_for_again(town: Town, hostile: str) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    _invite, code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI))
    guest = town.newcomer().starts(f"i_{code.replace('-', '')}").presses("Yes, continue")

    guest.writes(hostile)

    assert "Please write your full name." in guest.text
    assert "Question 1 of 3" in guest.text


def test_an_identity_number_in_a_position_is_hidden(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    _invite, code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI))
    guest = town.newcomer().starts(f"i_{code.replace('-', '')}").presses("Yes, continue").presses("Use:")

    guest.writes("Kepala Bidang 1276010101800001").presses("I agree")

    assert guest.person.position == "Kepala Bidang ************0001"


def test_case_15_a_flood_gets_one_note_then_silence_and_troubles_nobody_else() -> None:
    floods = Floods(per_minute=60)

    verdicts = [floods.verdict(1, NOW + timedelta(milliseconds=10 * number), known=True) for number in range(100)]

    assert verdicts == [CALM] * 60 + [NOTE] + [SILENT] * 39
    assert floods.verdict(2, NOW + timedelta(seconds=1), known=True) is CALM
    assert floods.verdict(1, NOW + timedelta(minutes=2), known=True) is CALM


def test_what_waited_while_pandu_could_not_work_is_no_flood() -> None:
    floods = Floods(per_minute=60)
    # A stranger wrote every ten seconds for five minutes, and pressed twelve times in the last two and a half.
    written = [floods.verdict(1, NOW - timedelta(seconds=10 * back), known=False) for back in range(30, 0, -1)]
    pressed = [floods.verdict(1, NOW, known=False, press=True) for _press in range(12)]

    assert written + pressed == [CALM] * 42
    assert floods.verdict(1, NOW + timedelta(seconds=20), known=False, press=True) is CALM


def test_a_flood_of_presses_that_come_in_together_is_still_a_flood() -> None:
    floods = Floods(per_minute=60)

    verdicts = [floods.verdict(1, NOW, known=False, press=True) for _press in range(100)]

    assert verdicts[:28] == [CALM] * 28
    assert verdicts[40:] == [SILENT] * 60


def test_presses_between_messages_do_not_begin_a_new_minute() -> None:
    floods = Floods(per_minute=60)
    verdicts = []
    for number in range(20):
        moment = NOW + timedelta(milliseconds=700 * number)
        verdicts.append(floods.verdict(1, moment, known=False, press=True))
        # Telegram gives whole seconds for messages.
        verdicts.append(floods.verdict(1, moment.replace(microsecond=0), known=False))

    assert verdicts == [CALM] * 12 + [NOTE] + [SILENT] * 27


def test_somebody_suspended_hears_one_sentence_whatever_they_try(town: Town) -> None:
    coordinator, official = town.member(Role.COORDINATOR), town.member(Role.OFFICIAL, TEBING_TINGGI)
    official.writes("/menu")
    coordinator.sends_data(f"s:person:{official.person.id}").presses("Close access")

    seen = {official.writes("/tugas").text, official.sends_data("a:rename:0:0").text, official.writes("halo").text}

    assert len(seen) == 1
    assert "closed for now" in seen.pop()


def test_a_coordinator_of_one_province_cannot_close_access_elsewhere(town: Town) -> None:
    coordinator, official = town.member(Role.COORDINATOR, province="12"), town.member(Role.OFFICIAL, KATINGAN)

    coordinator.sends_data(f"a:suspend:{official.person.id}:0")

    assert coordinator.toast == HIDDEN
    assert official.person.suspended_at is None


def test_rights_end_with_the_seat_at_once(town: Town) -> None:
    lead, member = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.OFFICIAL, TEBING_TINGGI, "Anggota")
    seat = town.session.scalars(select(Seat).where(Seat.holder_id == member.person.id)).one()
    item = item_of(town)
    assert HIDDEN not in member.sends_data(f"s:item-id:{item.id}").text

    lead.sends_data(f"s:member:{seat.id}").presses("Take out of team").presses("Yes, take out")

    assert HIDDEN in member.sends_data(f"s:item-id:{item.id}").text
    assert "Your seat in Kota Tebing Tinggi was ended." in member.told()[-1]


def test_joining_twice_with_the_same_button_seats_once(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    _invite, code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI))
    guest = (
        town.newcomer().starts(f"i_{code.replace('-', '')}").presses("Yes, continue").presses("Use:").presses("Skip")
    )
    agree = guest.buttons["I agree"]

    for _tap in range(3):
        guest.sends_data(agree)

    assert len(town.session.scalars(select(Seat).where(Seat.holder_id == guest.person.id)).all()) == 1
