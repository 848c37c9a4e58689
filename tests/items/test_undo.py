"""Ten minutes in which a step can be taken back by the person who took it, as long as nothing came after it."""

from db.vocabulary import ItemState, Role, Verdict
from tests.items.evidence import ITEM, Desk
from tests.stage import TEBING_TINGGI

RECOMMENDED = "nk-telaah"


def test_a_submission_is_taken_back_and_stays_readable(desk: Desk) -> None:
    desk.submits()

    desk.opens(desk.lead).presses("Undo")

    assert desk.lead.toast == "Undone."
    assert desk.item().state is ItemState.STARTED
    assert desk.submission().verdict is Verdict.WITHDRAWN
    assert "withdrawn" in desk.lead.presses("Submissions").text


def test_a_verdict_taken_back_waits_for_review_again_and_the_region_is_told(desk: Desk) -> None:
    desk.submits()
    desk.accepts().presses("Undo")

    assert desk.item().state is ItemState.SUBMITTED
    assert desk.submission().verdict is Verdict.WAITING
    assert "The reviewer has taken back the verdict" in desk.lead.told()[-1]
    assert "1 submission waits" in desk.mentor.sends_data("s:reviews").text


def test_after_ten_minutes_nothing_is_taken_back(desk: Desk) -> None:
    desk.submits()
    desk.opens(desk.lead)
    desk.town.later(minutes=10)

    desk.lead.presses("Undo")

    assert "can no longer be undone" in desk.lead.toast
    assert desk.item().state is ItemState.SUBMITTED
    assert "Undo" not in "".join(desk.lead.buttons)


def test_what_somebody_else_has_built_on_is_not_taken_back(desk: Desk) -> None:
    desk.submits()
    desk.opens(desk.lead)
    desk.accepts()

    desk.lead.presses("Undo")

    assert "can no longer be undone" in desk.lead.toast
    assert desk.item().state is ItemState.ACCEPTED


def test_pressed_twice_it_is_taken_back_once(desk: Desk) -> None:
    desk.submits()
    button = desk.opens(desk.lead).buttons["↩️ Undo"]

    desk.lead.sends_data(button)
    desk.lead.sends_data(button)

    assert desk.acts().count("undo_submit") == 1
    assert desk.item().state is ItemState.STARTED


def test_nobody_takes_back_the_step_of_another(desk: Desk) -> None:
    desk.submits()
    other = desk.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")

    other.sends_data(f"a:undo:{desk.item().id}:{desk.item().version}")

    assert "can no longer be undone" in other.toast
    assert desk.item().state is ItemState.SUBMITTED


def test_an_item_of_another_region_and_one_that_does_not_exist_are_answered_alike(desk: Desk) -> None:
    desk.submits()
    foreign = desk.town.member(Role.LEAD, "62.06", "Yansen Garu")

    answers = []
    for item in (desk.item().id, 9_999_999, 10**30):
        foreign.sends_data(f"a:undo:{item}:1")
        answers.append((foreign.toast, foreign.alert, foreign.text))

    assert len(set(answers)) == 1
    assert "could not be found, or it is not open to you" in answers[0][0]


def test_whoever_has_lost_the_seat_takes_nothing_back(desk: Desk) -> None:
    desk.submits()
    desk.accepts()
    for seat in desk.mentor.visit().seats:
        seat.ended_at = desk.town.now
    desk.town.session.flush()

    desk.mentor.sends_data(f"a:undo:{desk.item().id}:{desk.item().version}")

    assert desk.item().state is ItemState.ACCEPTED


def test_a_refused_file_does_not_take_the_undo_away(desk: Desk) -> None:
    desk.submits()
    desk.town.work().audit("refuse_file", "item", desk.item().id, region_code=TEBING_TINGGI)

    desk.opens(desk.lead).presses("Undo")

    assert desk.item().state is ItemState.STARTED


def test_not_applicable_is_taken_back(desk: Desk) -> None:
    item = desk.item(RECOMMENDED)
    desk.lead.sends_data(f"a:waive:{item.id}:0").writes("Kota kami tidak punya pesisir.")
    assert desk.item(RECOMMENDED).state is ItemState.WAIVED

    desk.opens(desk.lead, RECOMMENDED).presses("Undo")

    assert desk.item(RECOMMENDED).state is ItemState.UNTOUCHED


def test_an_entrusted_item_is_taken_back(desk: Desk) -> None:
    helper = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Ani Lestari")
    desk.opens(desk.lead).presses("Entrust").presses("Ani Lestari")
    assert desk.item().assignee_id == helper.visit().seats[0].id

    desk.opens(desk.lead).presses("Undo")

    assert desk.item().assignee_id is None


def test_a_bulk_declaration_is_taken_back_as_a_whole_with_one_press(desk: Desk) -> None:
    desk.lead.sends_data("a:declare:0:0")
    desk.lead.presses("1. ").presses("Declare done")
    declared = [key for key in _keys(desk) if desk.item(key).declared_at]
    assert declared

    desk.lead.presses("Undo")

    assert not [key for key in declared if desk.item(key).declared_at]
    assert all(desk.acts(key)[-1] == "undo_declare" for key in declared)


def test_a_declared_item_that_was_worked_on_since_stays_as_it_is_when_the_bulk_is_taken_back(desk: Desk) -> None:
    desk.lead.sends_data("a:declare:0:0")
    desk.lead.presses("1. ").presses("Declare done")
    first = next(key for key in _keys(desk) if desk.item(key).declared_at)
    desk.submits(key=first)

    desk.lead.sends_data("s:stages").presses("Undo")

    assert desk.item(first).state is ItemState.SUBMITTED
    assert not [key for key in _keys(desk) if desk.item(key).declared_at]


def _keys(desk: Desk) -> list[str]:
    return [item.key for item in desk.town.work().programme.edition.items]


def test_the_item_of_these_tests_is_mandatory_and_the_other_is_not(desk: Desk) -> None:
    edition = desk.town.work().programme.edition
    assert edition.item(ITEM).mandatory
    assert not edition.item(RECOMMENDED).mandatory
