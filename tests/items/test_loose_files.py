"""A file that comes before its item was opened finds its item, and is not lost on the way."""

from db.vocabulary import EvidenceKind, Role
from tests.items.evidence import Desk, pdf, photo


def test_a_file_without_an_item_is_asked_for_its_item_and_then_kept_there(desk: Desk) -> None:
    desk.attaches(key="kl-pokja").presses("later")

    desk.lead.sends(**pdf("Surat.pdf", unique="loose"))
    assert "Which item does this prove?" in desk.lead.text
    assert len(desk.lead.buttons) == 7
    desk.lead.presses("Enam kelompok")

    assert [one.name for one in desk.drafts("kl-pokja")][-1] == "Surat.pdf"
    assert "Surat.pdf" in desk.lead.text
    assert "Check and submit" in "".join(desk.lead.buttons)


def test_an_album_without_an_item_goes_together(desk: Desk) -> None:
    for number in range(3):
        desk.lead.sends(**photo(f"p{number}", media_group_id="9"))
    assert "3 files have arrived" in desk.lead.text

    desk.lead.writes("1")

    found = [key for key in ("bp-slide", "bp-delegasi") if desk.drafts(key)]
    assert len(found) == 1
    assert [one.kind for one in desk.drafts(found[0])] == [EvidenceKind.PHOTO] * 3


def test_the_file_comes_along_to_an_item_that_was_not_offered(desk: Desk) -> None:
    desk.lead.sends(**pdf("Surat.pdf", unique="loose"))

    desk.works(key="nk-telaah")

    assert [one.name for one in desk.drafts("nk-telaah")] == ["Surat.pdf"]
    assert desk.lead.chat is not None
    assert desk.lead.chat.stack == []


def test_one_of_several_that_is_too_large_is_told_and_the_others_are_kept(desk: Desk) -> None:
    desk.lead.sends(**pdf("Besar.pdf", size=25 * 2**20, unique="big"))
    desk.lead.sends(**pdf("Kecil.pdf", unique="small"))

    desk.works(key="nk-telaah")

    assert [one.name for one in desk.drafts("nk-telaah")] == ["Kecil.pdf"]
    assert "25 MB" in desk.lead.text


def test_a_mentor_who_sends_a_file_is_not_asked_for_an_item(desk: Desk) -> None:
    desk.mentor.sends(**pdf(unique="loose"))

    assert "Which item" not in desk.mentor.text
    assert desk.mentor.buttons


def test_a_contributor_is_offered_only_what_is_delegated(desk: Desk) -> None:
    helper = desk.town.member(Role.CONTRIBUTOR, "12.76", "Ani Lestari")
    item = desk.item()
    desk.lead.sends_data(f"a:assign:{item.id}-{helper.visit().seats[0].id}:{item.version}")

    helper.sends(**pdf(unique="loose"))

    assert list(helper.buttons) == ["SK Dewan Smart City", "Cancel"]
