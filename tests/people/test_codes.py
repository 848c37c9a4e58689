"""Invitation codes: made, recognised in what people type, slowed down when guessed, forgotten when delivered."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import invites
from bot.services.invitation_letters import send_code
from bot.services.invite_codes import ALPHABET, LENGTH, code_in, hashed, new_code, normal, printed, silent_until
from bot.services.letters import post_letters
from bot.services.rights import Forbidden
from bot.services.seats import Grantable
from bot.services.work import Work
from bot.words import Refusal
from db.models import OutboxMessage, Paper
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.people.phone import TEXTS
from tests.stage import NOW, TEBING_TINGGI

CODE = "K7QF3M9TXW2A"


def test_a_code_has_no_look_alikes_and_is_never_the_same() -> None:
    codes = {new_code() for _number in range(500)}

    assert len(codes) == 500
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not set("01OI") & set(ALPHABET)


def test_a_code_is_printed_in_three_groups() -> None:
    assert printed(CODE) == "K7QF-3M9T-XW2A"


@pytest.mark.parametrize(
    "text",
    [
        "K7QF-3M9T-XW2A",
        "k7qf-3m9t-xw2a",
        "k7qf3m9txw2a",
        "K7QF 3M9T XW2A",
        "  K7QF\u20133M9T\u2013XW2A  ",
        "Kode undangan saya K7QF-3M9T-XW2A, terima kasih",
        "https://t.me/pandu_bot?start=i_K7QF3M9TXW2A",
        "1. Buka https://t.me/pandu_bot?start=i_K7QF3M9TXW2A\n2. Atau cari @pandu_bot",
    ],
)
def test_a_code_is_found_however_it_was_typed(text: str) -> None:
    assert code_in(text) == CODE
    assert hashed(text if "start" not in text and "Kode" not in text else CODE) == hashed(CODE)


@pytest.mark.parametrize(
    "text",
    [
        "halo",
        "selamat siang",
        "permasalahan",
        "assalamualaikum",
        "628233445566",
        "2345 6789 2345",
        "Bapak-Ibu-Anda",
        "1276010101800001",
        "K7QF-3M9T",
        "AAAA-BBBB-CCCC1",
        "",
    ],
)
def test_words_and_numbers_are_not_taken_for_codes(text: str) -> None:
    assert code_in(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_fault(text: str) -> None:
    found = code_in(text)

    assert found is None or normal(found) == found


def test_silence_begins_with_the_fifth_wrong_code_within_a_quarter_of_an_hour() -> None:
    four = [NOW + timedelta(minutes=minute) for minute in (0, 3, 6, 9)]

    assert silent_until(four) is None
    assert silent_until([*four, NOW + timedelta(minutes=15)]) == NOW + timedelta(minutes=75)
    assert silent_until([*four, NOW + timedelta(minutes=16)]) is None


def made(work: Work) -> str:
    lead = stage.member(work, Role.LEAD, TEBING_TINGGI)
    visit = stage.visit_of(work, lead)
    invite, code = invites.create(visit, Grantable(Role.OFFICIAL, TEBING_TINGGI))
    send_code(visit, invite, code)
    post_letters(work.session, work.letters, TEXTS, work.now)
    return code


def test_a_delivered_code_is_taken_out_of_the_outbox_with_its_letter(work: Work) -> None:
    code = made(work)
    rows = work.session.scalars(select(OutboxMessage)).all()
    assert code in rows[0].body
    assert invites.forget_sent_codes(work.session, work.now) == 0

    for row in rows:
        row.state = OutboxState.SENT
    work.session.flush()

    assert invites.forget_sent_codes(work.session, work.now) == 2
    assert invites.forget_sent_codes(work.session, work.now) == 0
    assert not _anywhere(work.session, code)


def _anywhere(session: Session, code: str) -> bool:
    bodies = session.scalars(select(OutboxMessage.body).execution_options(populate_existing=True)).all()
    return any(code in body for body in bodies) or session.scalars(select(Paper.sha256)).first() is not None


@pytest.mark.parametrize(
    ("what", "uses"),
    [
        (Grantable(Role.OFFICIAL), 1),
        (Grantable(Role.OFFICIAL, "99.99"), 1),
        (Grantable(Role.CONTRIBUTOR, TEBING_TINGGI), 1),
        (Grantable(Role.OFFICIAL, TEBING_TINGGI), 51),
        (Grantable(Role.OFFICIAL, TEBING_TINGGI), 0),
        (Grantable(Role.LEAD, TEBING_TINGGI), 2),
        (Grantable(Role.MENTOR), 2),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_with_the_reason(work: Work, what: Grantable, uses: int) -> None:
    coordinator = stage.member(work, Role.COORDINATOR)

    with pytest.raises(Refusal) as refused:
        invites.create(stage.visit_of(work, coordinator), what, max_uses=uses)

    assert type(refused.value) is Refusal


def test_a_lead_invites_to_the_own_region_only_and_no_leads(work: Work) -> None:
    visit = stage.visit_of(work, stage.member(work, Role.LEAD, TEBING_TINGGI))

    for what in (Grantable(Role.OFFICIAL, stage.KATINGAN), Grantable(Role.LEAD, TEBING_TINGGI), Grantable(Role.MENTOR)):
        with pytest.raises(Forbidden):
            invites.create(visit, what)
