"""From an invitation to the first real task."""

import json

import pytest
from sqlalchemy import func, select

from bot.flows.notice import NOTICE_VERSION
from bot.services import closing, invites, joining
from bot.services.seats import Grantable
from bot.words import Refusal
from db.audit import OPERATOR
from db.models import AuditEntry, Conversation, InboxUpdate, Invite, InviteGuess, Person, Seat
from db.vocabulary import Role
from tests.people.phone import TEXTS, Phone, Town
from tests.stage import KATINGAN, TEBING_TINGGI

REFUSED = "This link is not valid. Please ask your coordinator for a new one."


def invited(town: Town, lead: Phone, *, uses: int = 1, **more: str) -> str:
    """The code of a fresh invitation by this lead."""
    _invite, code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI), max_uses=uses, **more)
    return code


def joins(phone: Phone, code: str) -> Phone:
    """Go through the questions up to the consent."""
    phone.starts(f"i_{code.replace('-', '')}").presses("Yes, continue")
    phone.presses("Use:").writes("Kepala Bidang Aptika").presses("I agree")
    return phone


def test_an_invited_person_reads_role_and_region_before_anything_is_asked(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))

    guest = town.newcomer().starts(f"i_{code.replace('-', '')}")

    assert "official of the region, Kota Tebing Tinggi" in guest.text
    assert not guest.known


def test_the_name_of_telegram_is_offered_for_one_tap(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))

    guest = town.newcomer("Rina Wulandari").starts(f"i_{code.replace('-', '')}").presses("Yes, continue")

    assert "Use: Rina Wulandari" in guest.buttons


def test_nobody_is_kept_before_consent(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))
    guest = town.newcomer()
    guest.starts(f"i_{code.replace('-', '')}").presses("Yes, continue").presses("Use:").presses("Skip")
    assert "Privacy notice" in guest.text

    guest.presses("I do not agree")

    assert not guest.known
    assert "Nothing about you was kept" in guest.text


def test_consent_is_recorded_with_version_time_and_the_update_that_proves_it(town: Town) -> None:
    guest = joins(town.newcomer(), invited(town, town.member(Role.LEAD, TEBING_TINGGI)))

    entry = town.session.scalars(select(AuditEntry).where(AuditEntry.act == "consent")).one()
    assert (guest.person.notice_version, guest.person.consented_at) == (NOTICE_VERSION, town.now)
    assert (entry.actor_id, entry.subject_id) == (guest.person.id, guest.person.id)
    assert entry.cause.startswith("update ")


def test_the_tour_has_three_questions_and_ends_at_the_first_real_item(town: Town) -> None:
    guest = joins(town.newcomer(), invited(town, town.member(Role.LEAD, TEBING_TINGGI)))
    assert "Welcome. You are registered as official of the region, Kota Tebing Tinggi." in guest.text
    assert "Step 1 of 3" in guest.text

    guest.presses("Continue")
    assert "🔘 WIB" in guest.buttons
    guest.presses("WITA").presses("Data saver").presses("Save and continue")
    assert "Step 3 of 3" in guest.text
    guest.presses("To the first item")

    assert (guest.person.timezone, guest.person.data_saver) == ("Asia/Makassar", True)
    assert guest.chat is not None
    assert guest.chat.screen.startswith("item:")
    assert guest.chat.flow is None


def test_the_tour_can_be_left_at_once_and_still_ends_at_the_first_item(town: Town) -> None:
    guest = joins(town.newcomer(), invited(town, town.member(Role.LEAD, TEBING_TINGGI))).presses("Skip the tour")

    assert guest.chat is not None
    assert guest.chat.screen.startswith("item:")


def test_mentors_end_their_tour_at_the_queue_and_coordinators_at_the_regions(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)
    _invite, code = invites.create(coordinator.visit(), Grantable(Role.MENTOR))
    mentor = joins(town.newcomer(), code).presses("Skip the tour")
    work = town.work("command")
    work.actor = OPERATOR
    _invite, code = invites.create_as_operator(work, Grantable(Role.COORDINATOR))
    second = joins(town.newcomer(), code).presses("Skip the tour")

    assert mentor.chat is not None
    assert second.chat is not None
    assert (mentor.chat.screen, second.chat.screen) == ("reviews", "regions")


def test_a_typed_code_does_what_the_link_does(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))

    typed = [code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", f"Kode saya: {code}"]
    seen = [town.newcomer().writes(text).text for text in typed]

    assert all("You will be registered as official of the region" in text for text in seen)


def test_a_code_is_forgotten_everywhere_but_its_hash(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))
    town.letters.clear()
    joins(town.newcomer(), code)
    town.newcomer().writes(code)

    bare = code.replace("-", "")
    payloads = "".join(town.session.scalars(select(InboxUpdate.payload)))
    rows = town.session.execute(select(Invite.__table__)).one()
    assert bare not in payloads
    assert code not in payloads
    assert bare not in str(rows)
    assert json.loads(town.session.scalars(select(InboxUpdate.payload)).first() or "")["message"]["from"]
    assert not any(bare in str(phone.chat) for phone in town.phones.values())
    assert town.session.scalar(select(func.count()).select_from(Conversation)) == 0


def test_unknown_expired_used_and_revoked_codes_are_refused_in_one_sentence(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    used, revoked, expired = (invited(town, lead) for _number in range(3))
    joins(town.newcomer(), used)
    found = town.session.scalars(select(Invite).where(Invite.code_start == revoked[:4])).one()
    invites.revoke(lead.visit(), str(found.id), 0)

    refused = [town.newcomer().writes(code).text for code in ("K7QF-3M9T-XW2A", used, revoked)]
    town.later(days=15)
    refused.append(town.newcomer().writes(expired).text)

    assert {text.split("\n")[0] for text in refused} == {REFUSED}
    reasons = town.session.scalars(select(AuditEntry.reason).where(AuditEntry.act == "refused_invite")).all()
    assert list(reasons) == ["unknown", "used", "revoked", "expired"]


def test_an_invitation_never_outlives_the_closing(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    town.later(days=10)

    invite, _code = invites.create(lead.visit(), Grantable(Role.OFFICIAL, TEBING_TINGGI))

    assert invite.expires_at == closing.instant(town.work().programme.edition)


def test_five_wrong_codes_bring_an_hour_of_silence_even_for_a_right_one(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))
    guest = town.newcomer()
    for letter in "ABCDE":
        guest.writes(f"K7QF-3M9T-XW2{letter}")

    guest.writes(code)
    assert "Too many attempts" in guest.text
    assert "You will be registered" in town.newcomer().writes(code).text

    town.later(hours=1, minutes=1)
    assert "You will be registered" in guest.writes(code).text


def test_wrong_codes_spread_over_a_day_silence_nobody(town: Town) -> None:
    guest = town.newcomer()
    for letter in "ABCDEFGH":
        guest.writes(f"K7QF-3M9T-XW2{letter}")
        town.later(minutes=20)

    assert "Too many attempts" not in guest.text


def test_a_hundred_wrong_codes_within_an_hour_are_told_to_coordinators_once(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)
    for _number in range(99):
        town.session.add(InviteGuess(telegram_id=1, at=town.now))
    town.session.flush()

    town.newcomer().writes("K7QF-3M9T-XW2A")
    town.newcomer().writes("K7QF-3M9T-XW2B")

    assert town.session.scalars(select(AuditEntry.subject).where(AuditEntry.act == "alarm")).all() == ["guessing"]
    assert [text for text in coordinator.told() if "invitation codes that do not exist" in text]


def test_the_inviter_sees_who_came_and_can_agree(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    joins(town.newcomer("Rina Wulandari"), invited(town, lead))
    assert "Your invitation was used by: Rina Wulandari, Kepala Bidang Aptika" in lead.told()[-1]

    lead.presses_letter("Correct")

    assert lead.toast == "Thank you, noted."


def test_not_this_person_revokes_the_invitation_and_closes_the_access_at_once(town: Town) -> None:
    lead, coordinator = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.COORDINATOR)
    thief = joins(town.newcomer("Orang Lain"), invited(town, lead, expected_name="Rina Wulandari"))
    assert "Expected: Rina Wulandari" in lead.told()[-1]

    lead.presses_letter("Not this person")

    assert "closed and the invitation taken back" in lead.text
    assert town.session.scalars(select(Invite.revoked_at)).one() == town.now
    assert "Your access to Pandu is closed for now" in thief.writes("/menu").text
    assert "used an invitation meant for somebody else" in coordinator.told()[-1]
    coordinator.presses_letter("Open access again")
    assert "closed" not in thief.writes("/menu").text


def test_somebody_else_cannot_answer_for_the_inviter(town: Town) -> None:
    lead, other = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.LEAD, TEBING_TINGGI, "Lain")
    guest = joins(town.newcomer(), invited(town, lead))
    seat = town.session.scalars(select(Seat).where(Seat.holder_id == guest.person.id)).one()

    other.sends_data(f"a:wrongone:{seat.id}:0")

    assert other.alert
    assert seat.suspended_at is None


def test_a_registered_person_with_another_invitation_stays_and_the_coordinator_is_asked(town: Town) -> None:
    coordinator, lead = town.member(Role.COORDINATOR), town.member(Role.LEAD, TEBING_TINGGI)
    _invite, code = invites.create(coordinator.visit(), Grantable(Role.MENTOR))

    lead.starts(f"i_{code.replace('-', '')}")

    assert "You are already registered in Kota Tebing Tinggi." in lead.text
    seats = town.session.scalars(select(Seat).where(Seat.holder_id == lead.person.id)).all()
    assert [seat.role for seat in seats] == [Role.LEAD]
    assert "Request to join" in coordinator.told()[-1]
    coordinator.presses_letter("Approve")
    assert len(town.session.scalars(select(Seat).where(Seat.holder_id == lead.person.id)).all()) == 2
    assert town.session.scalars(select(Invite.uses)).one() == 1


def test_a_member_may_type_a_code_at_any_time(town: Town) -> None:
    town.member(Role.COORDINATOR)
    lead, other = town.member(Role.LEAD, TEBING_TINGGI), town.member(Role.OFFICIAL, KATINGAN)

    other.writes(f"Kode: {invited(town, lead)}")

    assert "You are already registered in Kabupaten Katingan." in other.text


def test_what_is_no_code_is_asked_for_again_without_counting_as_a_guess(town: Town) -> None:
    guest = town.newcomer().writes("halo").presses("Type a code")

    for _attempt in range(8):
        guest.writes("saya tidak punya")

    assert "A code has twelve letters and digits" in guest.text
    assert town.session.scalars(select(InviteGuess)).all() == []


def test_pressing_correct_again_and_again_leaves_one_line(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    joins(town.newcomer(), invited(town, lead))

    for _tap in range(3):
        lead.presses_letter("Correct")

    assert len(town.session.scalars(select(AuditEntry).where(AuditEntry.act == "confirm")).all()) == 1


def test_ones_own_invitation_is_only_recognised(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)

    lead.starts(f"i_{invited(town, lead).replace('-', '')}")

    assert "This is your own invitation" in lead.text
    assert town.session.scalars(select(Invite.uses)).one() == 0


def test_a_shared_invitation_lets_each_person_wait_for_approval(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    guest = joins(town.newcomer(), invited(town, lead, uses=5))
    assert "now waits for approval" in guest.text

    lead.presses_letter("Approve")

    assert town.session.scalars(select(Seat.role).where(Seat.holder_id == guest.person.id)).one() is Role.OFFICIAL
    assert "Your request was approved." in guest.told()[-1]
    guest.presses_letter("Begin the tour")
    assert "Step 1 of 3" in guest.text


def test_a_contributor_comes_with_the_item_that_was_entrusted(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    key = town.work().programme.edition.items[0].key
    _invite, code = invites.create(lead.visit(), Grantable(Role.CONTRIBUTOR, TEBING_TINGGI, item_key=key))

    guest = joins(town.newcomer(), code).presses("Skip the tour")

    assert guest.chat is not None
    assert guest.chat.screen == f"item:{key}"


def test_a_code_in_a_group_opens_nothing(town: Town) -> None:
    code = invited(town, town.member(Role.LEAD, TEBING_TINGGI))
    guest = town.newcomer()
    visit = guest.visit()
    visit.chat.chat_id = -100

    reply = joining.with_code(town.desk.conversations, visit, code)

    assert reply.note == invites.NOT_VALID
    assert visit.chat.flow is None


def test_a_coordinator_is_never_invited_in_the_chat(town: Town) -> None:
    coordinator = town.member(Role.COORDINATOR)

    for role in (Role.COORDINATOR, Role.ADMIN):
        with pytest.raises(Refusal, match="command line"):
            invites.create(coordinator.visit(), Grantable(role))
        with pytest.raises(Refusal, match="command line"):
            invites.create_as_operator(coordinator.visit().work, Grantable(role))


def test_the_message_and_the_letter_carry_link_and_code(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    lead.writes("/undang").presses("New invitation").presses("Team member").presses("1 person")
    lead.writes("Rina Wulandari").presses("Make invitation")

    message, letter = (one for one in town.letters if one.person_id == lead.person.id)
    text = TEXTS.plain(message.say, "en")
    assert "https://t.me/pandu_test_bot?start=i_" in text
    assert "@pandu_test_bot" in text
    assert letter.method == "sendDocument"
    assert letter.paper is not None
    assert letter.paper.name.endswith(".docx")
    assert "message below" in lead.text


def test_persons_who_lost_their_seats_come_back_as_themselves(town: Town) -> None:
    lead = town.member(Role.LEAD, TEBING_TINGGI)
    guest = joins(town.newcomer(), invited(town, lead))
    guest.presses("Skip the tour")
    seat = town.session.scalars(select(Seat).where(Seat.holder_id == guest.person.id)).one()
    lead.sends_data(f"a:remove:{seat.id}:0")
    before = guest.person.id

    joins(guest, invited(town, lead))

    assert guest.person.id == before
    assert town.session.scalar(select(func.count()).select_from(Person)) == 2
