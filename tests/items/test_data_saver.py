"""With weak signal: short messages, and the guidance only when it is asked for."""

from tests.items.evidence import ITEM, Desk


def test_who_saves_data_gets_the_guidance_only_when_asking_for_it(desk: Desk) -> None:
    how = desk.town.work().programme.edition.item(ITEM).how
    assert how[:30] in desk.opens(desk.lead).text
    desk.lead.sends_data("a:saver:on:0")

    card = desk.opens(desk.lead)
    assert how[:30] not in card.text
    assert "Evidence wanted" in card.text

    assert how[:30] in card.presses("Guidance").text


def test_every_screen_is_shorter_or_the_same_with_the_data_saver_on(desk: Desk) -> None:
    screens = ["s:home", "s:stages", "s:stage:kelembagaan:0:12.76", f"s:item-id:{desk.item().id}", "s:progress"]
    usual = [len(desk.lead.sends_data(data).text) for data in screens]
    desk.lead.sends_data("a:saver:on:0")

    saved = [len(desk.lead.sends_data(data).text) for data in screens]

    assert all(after <= before for after, before in zip(saved, usual, strict=True))
    assert sum(saved) < sum(usual)
