"""A stage is complete when no mandatory item of it is open, and nothing else completes it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.services.deadlines import Due, end_of
from bot.services.stages import Stage
from db.models import Item
from db.vocabulary import ItemState
from tests import stage

MILESTONE = stage.content().milestones[2]
KNOWN = stage.content().items_of(MILESTONE.key)
DUE = Due(date(2026, 6, 3), end_of(date(2026, 6, 3), "Asia/Jakarta"), "Asia/Jakarta")


@given(
    st.lists(st.sampled_from(ItemState), min_size=len(KNOWN), max_size=len(KNOWN)),
    st.lists(st.booleans(), min_size=len(KNOWN), max_size=len(KNOWN)),
)
def test_only_verdicts_on_every_mandatory_item_complete_a_stage(states: list[ItemState], declared: list[bool]) -> None:
    items = tuple(
        Item(key=known.key, state=state, declared_at=stage.NOW if said else None)
        for known, state, said in zip(KNOWN, states, declared, strict=True)
    )
    mandatory = frozenset(known.key for known in KNOWN if known.mandatory)
    open_ones = [item for item in items if item.key in mandatory and item.state not in ENDED]

    assert Stage(3, MILESTONE, items, mandatory, DUE).is_complete is (not open_ones)


ENDED = (ItemState.ACCEPTED, ItemState.WAIVED)
