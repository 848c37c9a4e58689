"""Who judges what: never one's own, each pillar its mentor, and a waiver of what is mandatory too."""

from sqlalchemy import select

from bot.services import review_queue
from bot.services.rights import Place
from db.models import AuditEntry, Seat
from db.vocabulary import EvidenceState, ItemState, Role, SubmissionKind, Verdict
from tests import stage
from tests.items.evidence import ITEM, Desk, pdf
from tests.people.phone import Phone
from tests.stage import KATINGAN, TEBING_TINGGI

MANDATORY = "kl-rakor"


def both(desk: Desk) -> Phone:
    """Somebody of the region's team who is a mentor as well."""
    phone = desk.town.member(Role.MENTOR, None, "Rina Wulandari")
    stage.seat(desk.town.work(), phone.person, Role.LEAD, TEBING_TINGGI)
    return phone


def test_whoever_sent_a_piece_of_the_evidence_does_not_judge_it(desk: Desk) -> None:
    helper = both(desk)
    desk.attaches(helper).presses("Check and submit")
    helper.presses("Back").presses("later")
    desk.submits()

    desk.accepts(helper)

    assert "cannot be judged by the person who sent or submitted it" in helper.toast
    assert helper.alert
    assert desk.item().state is ItemState.SUBMITTED
    shown = helper.sends_data(f"s:review:{desk.submission().id}")
    assert "cannot be judged" in shown.text
    assert not [label for label in shown.buttons if "Accept" in label or "Hand back" in label]
    assert "Nothing waits for your review" in helper.sends_data("s:reviews").text


def test_whoever_submitted_it_does_not_judge_it(desk: Desk) -> None:
    helper = both(desk)
    desk.submits(helper)

    desk.accepts(helper)
    desk.returns("Belum lengkap sama sekali.", helper)

    assert desk.submission().verdict is Verdict.WAITING


def test_a_mentor_of_another_region_does_not_judge_it(desk: Desk) -> None:
    elsewhere = desk.town.member(Role.MENTOR, KATINGAN, "Tim Katingan")
    desk.submits()

    assert "Nothing waits" in elsewhere.sends_data("s:reviews").text
    desk.accepts(elsewhere)

    assert "could not be found" in elsewhere.toast
    assert desk.item().state is ItemState.SUBMITTED


def test_each_pillar_is_reviewed_by_its_mentor(desk: Desk) -> None:
    branding = desk.town.member(Role.MENTOR, None, "Tim Branding", pillar="smart-branding")
    desk.town.member(Role.MENTOR, None, "Tim Ekonomi", pillar="smart-economy")
    work = desk.town.work()

    found = review_queue.reviewers(work, Place(KATINGAN, ("smart-branding",)))

    assert [seat.holder_id for seat in found] == [branding.person.id]


def test_where_no_mentor_looks_after_it_the_coordinator_does(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Dewi")
    desk.submits()
    assert "Nothing waits" in coordinator.sends_data("s:reviews").text
    for seat in desk.town.session.scalars(select(Seat).where(Seat.role == Role.MENTOR)):
        seat.ended_at = desk.town.now
    desk.town.session.flush()

    assert "1 submission waits" in coordinator.sends_data("s:reviews").text
    desk.accepts(coordinator)

    assert desk.item().state is ItemState.ACCEPTED


def test_a_waiver_of_a_mandatory_item_is_decided_by_the_reviewer(desk: Desk) -> None:
    item = next(one for one in desk.town.work().programme.edition.items if one.mandatory)
    desk.lead.sends_data(f"a:waive:{desk.item(item.key).id}:0")
    assert "the reviewer decides" in desk.lead.text
    desk.lead.writes("Sudah diatur dalam peraturan lain.")
    submission = desk.submission(item.key)
    assert (submission.kind, desk.item(item.key).state) == (SubmissionKind.WAIVER, ItemState.SUBMITTED)
    assert "Sudah diatur dalam peraturan lain." in desk.mentor.sends_data(f"s:review:{submission.id}").text

    desk.accepts(key=item.key)

    assert desk.item(item.key).state is ItemState.WAIVED
    assert "does not apply in your region" in desk.lead.told()[-1]


def test_a_waiver_that_is_handed_back_leaves_the_item_open_with_the_reason(desk: Desk) -> None:
    item = next(one for one in desk.town.work().programme.edition.items if one.mandatory)
    desk.lead.sends_data(f"a:waive:{desk.item(item.key).id}:0").writes("Tidak perlu bagi kami.")

    desk.returns("Butir ini wajib bagi semua daerah.", key=item.key)

    assert desk.item(item.key).state is ItemState.RETURNED
    assert "wajib bagi semua daerah" in desk.opens(desk.lead, item.key).text


def test_an_item_that_applies_after_all_is_opened_again(desk: Desk) -> None:
    desk.lead.sends_data(f"a:waive:{desk.item('nk-telaah').id}:0").writes("Tidak perlu bagi kami.")
    desk.town.later(days=2)

    desk.opens(desk.lead, "nk-telaah").presses("Applies after all")

    assert desk.item("nk-telaah").state is ItemState.UNTOUCHED
    assert desk.acts("nk-telaah") == ["waive", "reopen"]


def test_evidence_is_not_accepted_while_a_file_is_looked_into_or_when_none_is_fit(desk: Desk) -> None:
    desk.attaches().presses("Check and submit").presses("Submit")
    desk.accepts()
    assert "still being checked" in desk.mentor.toast

    desk.checked(EvidenceState.REFUSED)
    desk.accepts()

    assert "hand the item back" in desk.mentor.toast
    assert desk.item().state is ItemState.SUBMITTED


def test_what_was_refused_is_not_submitted_alone(desk: Desk) -> None:
    desk.attaches()
    desk.checked(EvidenceState.REFUSED)

    desk.works().presses("Check and submit")

    assert "None of the files could be accepted" in desk.lead.text


def test_the_person_to_whom_it_is_entrusted_reads_the_verdict_too(desk: Desk) -> None:
    helper = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Ani Lestari")
    item = desk.item()
    desk.lead.sends_data(f"a:assign:{item.id}-{helper.visit().seats[0].id}:{item.version}")
    desk.attaches(helper).presses("Finish").presses("Hand to the lead")
    assert "has attached the evidence" in desk.lead.told()[-1]
    desk.works().presses("Check and submit").presses("Submit")
    desk.checked()

    desk.returns("Lampiran belum ada.")

    assert "Lampiran belum ada." in helper.told()[-1]


def test_a_contributor_sees_and_works_on_delegated_items_only(desk: Desk) -> None:
    helper = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Ani Lestari")
    assert "No item is entrusted to you yet" in helper.writes("/menu").text
    item = desk.item()
    desk.lead.sends_data(f"a:assign:{item.id}-{helper.visit().seats[0].id}:{item.version}")
    other = desk.item("kl-sk-tim")

    assert "1 item waits for you" in helper.writes("/menu").text
    for data in (f"s:item-id:{other.id}", f"a:work:{other.id}:0", f"s:stages:{KATINGAN}", "s:progress", "s:regions"):
        helper.sends_data(data)
        assert "could not be found" in helper.text + helper.toast, data
    stages = helper.sends_data("s:stages").text
    assert "0/1" in stages
    assert "of 42" not in stages + helper.sends_data("s:home").text
    desk.attaches(helper).presses("Finish").presses("Hand to the lead")
    assert desk.item().state is ItemState.STARTED
    helper.sends_data("f:1:submit:")
    assert desk.item().state is ItemState.STARTED


def test_no_bulk_declaration_completes_a_stage_or_counts_as_accepted(desk: Desk) -> None:
    before = desk.lead.sends_data("s:progress").text
    assert "0 of 42 mandatory items accepted (0%)" in before

    desk.lead.sends_data("a:declare:0:0")
    for label in reversed([label for label in desk.lead.buttons if label[0].isdigit()]):
        desk.lead.presses(label)
        break
    desk.lead.presses("Declare done")

    after = desk.lead.sends_data("s:progress").text
    assert "0 of 42 mandatory items accepted (0%)" in after
    assert "declared done, evidence to follow" in after
    assert "late" not in after.split("Next:")[0].split("declared done")[1]
    stages = desk.lead.sends_data("s:stages").text
    assert "✅ 1." not in stages
    assert "0/4" in stages


def test_a_forged_declaration_beyond_what_is_past_declares_nothing(desk: Desk) -> None:
    desk.lead.sends_data("a:declare:0:0")
    turn = next(iter(desk.lead.buttons.values())).split(":")[1]

    desk.lead.sends_data(f"f:{turn}:stage:penutupan")
    desk.lead.sends_data(f"f:{turn}:declare:")

    assert not [key for key in ("pn-hadir", "bp-slide", ITEM) if desk.item(key).declared_at]


def test_a_refused_attempt_is_written_down(desk: Desk) -> None:
    stranger = desk.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    desk.submits()

    stranger.sends_data(f"a:accept:{desk.submission().id}:{desk.item().version}")

    refused = select(AuditEntry).where(AuditEntry.act == "refused", AuditEntry.actor_id == stranger.person.id)
    assert len(desk.town.session.scalars(refused).all()) == 1


def test_a_person_with_two_regions_works_on_the_items_of_both_without_changing_seats(desk: Desk) -> None:
    stage.region(desk.town.work(), KATINGAN)
    stage.seat(desk.town.work(), desk.lead.person, Role.LEAD, KATINGAN)
    foreign = desk.item(ITEM, KATINGAN)

    desk.lead.sends_data(f"s:item-id:{foreign.id}").presses("Work on it")
    desk.lead.sends(**pdf(unique="katingan")).presses("Check and submit").presses("Submit")

    assert desk.item(ITEM, KATINGAN).state is ItemState.SUBMITTED
    assert desk.item().state is ItemState.UNTOUCHED


def test_an_item_is_late_only_while_the_team_still_has_to_act(desk: Desk) -> None:
    def deadline(state: ItemState) -> str:
        stage.put(desk.town.work(), desk.item(MANDATORY), state)
        shown = desk.lead.sends_data(f"s:item:{MANDATORY}").text
        return next(line for line in shown.splitlines() if line.startswith("Deadline:"))

    assert "days late" in deadline(ItemState.STARTED)
    assert "days late" in deadline(ItemState.RETURNED)
    for state in (ItemState.SUBMITTED, ItemState.ACCEPTED, ItemState.WAIVED):
        assert deadline(state) == "Deadline: Wednesday, 3 June 2026"
