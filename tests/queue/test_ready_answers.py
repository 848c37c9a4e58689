"""Ready answers: made once, filled in for each question, counted; own ones and shared ones."""

import pytest
from sqlalchemy import select

from bot.services import canned
from bot.words import Refusal
from db.models import AuditEntry, CannedAnswer
from db.vocabulary import Role
from tests import stage
from tests.people.phone import TEXTS, Phone
from tests.queue.office import Office
from tests.queue.test_answering import document


def make(phone: Phone, title: str, body: str, *, field: str = "Every field", who: str = "For all mentors") -> None:
    phone.writes("/jawabancepat").presses("New ready answer").writes(title).writes(body)
    phone.presses("Finished").presses(field).presses(who)


def newest(office: Office) -> CannedAnswer:
    found = office.town.session.scalar(select(CannedAnswer).order_by(CannedAnswer.id.desc()).limit(1))
    assert found is not None
    return found


def test_a_ready_answer_is_filled_in_for_the_question(office: Office, bambang: Phone) -> None:
    make(bambang, "Format SK", "Yth. {nama}, {daerah}: tenggat {butir} adalah {tenggat} ({nomor}). {tim_ahli}")
    assert "The ready answer is kept" in bambang.text
    question = office.asks(item_key="kl-sk-dewan")
    bambang.presses_letter("Answer").presses("Ready answer").presses("Format SK").presses("Send the answer")

    said = office.said(question)[-1]
    assert said.startswith("Yth. Siti Rahma, Kota Tebing Tinggi: tenggat ")
    assert "SK Dewan" in said
    assert said.endswith("2026 (T-0001). Bambang Wijaya")
    assert newest(office).uses == 1


def test_it_stands_below_what_was_written_with_its_files(office: Office, bambang: Phone) -> None:
    bambang.writes("/jawabancepat").presses("New ready answer").writes("Lampiran").writes("Lihat lampiran.")
    bambang.sends(**document("d9")).presses("Finished").presses("Every field").presses("Only for me")
    question = office.asks()
    bambang.presses_letter("Answer").writes("Terima kasih.").presses("Ready answer").presses("Lampiran")
    assert "1 file" in bambang.text
    bambang.presses("Send the answer")

    assert office.said(question)[-1] == "Terima kasih.\nLihat lampiran."


def test_a_value_that_the_question_does_not_have_is_said_and_the_words_stay(office: Office, bambang: Phone) -> None:
    make(bambang, "Tenggat", "Tenggatnya {tenggat}.")
    office.asks()
    bambang.presses_letter("Answer").writes("Yth. Ibu,").presses("Ready answer").presses("Tenggat")

    assert "needs {tenggat}" in bambang.text
    assert newest(office).uses == 0
    bambang.presses("Back")
    assert "Yth. Ibu," in bambang.text


def test_an_unknown_variable_is_refused_with_those_that_are_known(office: Office, bambang: Phone) -> None:
    make(bambang, "Salah", "Halo {bupati}")

    assert "{bupati}" in bambang.text
    assert "{nama}" in bambang.text
    assert office.town.session.scalar(select(CannedAnswer)) is None
    # The question stays; it can be left, and nothing is kept.
    bambang.presses("Cancel")
    assert "Nothing was changed" in bambang.text


def test_own_ones_are_seen_by_their_owner_only_and_shared_ones_by_all(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    make(bambang, "Milik sendiri", "Satu", who="Only for me")
    make(bambang, "Milik bersama", "Dua")
    wulan.writes("/jawabancepat")

    assert any("Milik bersama" in label for label in wulan.buttons)
    assert not any("Milik sendiri" in label for label in wulan.buttons)
    own = office.town.session.scalars(select(CannedAnswer).order_by(CannedAnswer.id)).all()[0]
    wulan.sends_data(f"s:canned-one:{own.id}")
    assert "could not be found" in wulan.text


def test_those_of_the_questions_field_come_first_and_of_other_fields_none(office: Office, bambang: Phone) -> None:
    edition = office.town.work().programme.edition
    make(bambang, "Umum", "Satu")
    make(bambang, "Ekonomi", "Dua", field=edition.pillar("smart-economy").title)
    make(bambang, "Tata kelola", "Tiga", field=edition.pillar("smart-governance").title)
    office.asks(pillar="smart-governance")
    bambang.presses_letter("Answer").presses("Ready answer")

    assert list(bambang.buttons)[:3] == ["Tata kelola", "Umum", "◀ Back"]


def test_changed_by_whoever_made_it_and_removed_ones_are_gone_but_can_come_back(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    make(bambang, "Format SK", "Lama")
    one = newest(office)
    bambang.sends_data(f"s:canned-one:{one.id}").presses("Change").writes("Format SK baru").presses("Leave as it is")
    bambang.presses("Every field").presses("For all mentors")
    assert (one.title, one.body) == ("Format SK baru", "Lama")

    wulan.sends_data(f"a:remove-canned:{one.id}:0")
    assert "Only whoever made" in wulan.toast
    bambang.sends_data(f"s:canned-one:{one.id}").presses("Remove")
    assert canned.of(wulan.visit()) == []
    bambang.presses("Undo")
    assert [found.id for found in canned.of(wulan.visit())] == [one.id]
    acts = office.town.session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "canned")).all()
    assert acts == ["make_canned", "change_canned", "remove_canned", "restore_canned"]


def test_values_are_in_the_askers_language(office: Office, bambang: Phone) -> None:
    question = office.asks(item_key="kl-sk-dewan")
    office.asker.person.language = "id"
    text = canned.filled(bambang.visit(), question, "{penutupan}")

    assert text == "Selasa, 1 Desember 2026"
    with pytest.raises(Refusal) as refused:
        canned.filled(bambang.visit(), question, "{pilar}")
    assert "{pilar}" in TEXTS.plain(refused.value.words, "en")
    assert question.region_code == stage.TEBING_TINGGI


def test_whoever_leads_the_mentors_changes_a_shared_one_while_that_seat_is_open(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    make(bambang, "Milik bersama", "Satu")
    edit = f"a:edit-canned:{newest(office).id}:0"
    leading = stage.seat(office.town.work(), wulan.person, Role.MENTOR, stage.KATINGAN, leads_mentors=True)
    leading.suspended_at = office.town.now
    office.town.session.flush()
    wulan.sends_data(edit)
    assert "Only whoever made" in wulan.toast

    leading.suspended_at = None
    office.town.session.flush()
    wulan.sends_data(edit)
    assert wulan.toast == ""
