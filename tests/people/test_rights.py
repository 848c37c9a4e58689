"""Every cell of the table of rights: role, act, and where the act takes place."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.services.rights import EVERYWHERE, RIGHTS, Act, Forbidden, Place, may, require
from db.models import Scope, Seat
from db.vocabulary import REGION_ROLES, Role
from tests.stage import KATINGAN, TEBING_TINGGI

SOME_DAY = datetime(2026, 11, 1, tzinfo=UTC)
SEAT_ID = 7
DELEGATED = frozenset({Act.SEE_ITEM, Act.WORK_ON_ITEM})
WHEREVER = frozenset(
    {
        Act.SEE_ALL_REGIONS,
        Act.REVIEW_ITEM,
        Act.DECIDE_REQUEST,
        Act.SEE_PROPOSALS,
        Act.SEE_QUEUE,
        Act.WRITE_ARTICLE,
        Act.ANNOUNCE,
        Act.SEE_LOST,
        Act.SEE_AGENDA,
        Act.DECIDE_EXTENSION,
    }
)
CELLS = list(product(Role, Act))


def seat(role: Role, *scopes: Scope, **columns: datetime) -> Seat:
    return Seat(id=SEAT_ID, role=role, scopes=list(scopes), **columns)


def here(role: Role) -> Seat:
    """The seat in one region."""
    return seat(role, Scope(region_code=TEBING_TINGGI))


def own(act: Act) -> Place:
    """A place in the seat's region; an item there is delegated to the seat."""
    return Place(TEBING_TINGGI, assignee_id=SEAT_ID if act in DELEGATED else None)


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_in_the_own_region_the_table_decides(role: Role, act: Act) -> None:
    assert may(here(role), act, own(act)) is (role in RIGHTS[act])


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_in_another_region_nobody_may_anything(role: Role, act: Act) -> None:
    assert not may(here(role), act, Place(KATINGAN, assignee_id=SEAT_ID))


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_a_suspended_seat_may_nothing(role: Role, act: Act) -> None:
    closed = seat(role, Scope(region_code=TEBING_TINGGI), suspended_at=SOME_DAY)

    assert not may(closed, act, own(act))
    assert not may(closed, act)


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_an_ended_seat_may_nothing(role: Role, act: Act) -> None:
    ended = seat(role, Scope(region_code=TEBING_TINGGI), ended_at=SOME_DAY)

    assert not may(ended, act, own(act))
    assert not may(ended, act)


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_a_seat_without_scope_reaches_nothing(role: Role, act: Act) -> None:
    assert not may(seat(role), act, own(act))
    assert not may(seat(role), act)


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_over_the_whole_programme_only_unnarrowed_seats_act(role: Role, act: Act) -> None:
    allowed = role in RIGHTS[act]
    delegated = role is Role.CONTRIBUTOR and act in DELEGATED

    assert may(here(role), act, EVERYWHERE) is (allowed and act in WHEREVER and not delegated)
    assert may(seat(role, Scope()), act, EVERYWHERE) is (allowed and not delegated)


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_a_seat_over_a_province_reaches_its_regions_only(role: Role, act: Act) -> None:
    province = seat(role, Scope(province="12"))

    assert may(province, act, own(act)) is (role in RIGHTS[act])
    assert not may(province, act, Place(KATINGAN, assignee_id=SEAT_ID))


@pytest.mark.parametrize(("role", "act"), CELLS)
def test_a_seat_for_a_pillar_reaches_its_items_only(role: Role, act: Act) -> None:
    pillar = seat(role, Scope(pillar="smart-living"))

    assert may(pillar, act, Place(TEBING_TINGGI, ("smart-living",), SEAT_ID)) is (role in RIGHTS[act])
    assert not may(pillar, act, Place(TEBING_TINGGI, ("smart-economy",), SEAT_ID))


@pytest.mark.parametrize("act", Act)
def test_nobody_without_a_seat_may_anything(act: Act) -> None:
    assert not may(None, act)
    with pytest.raises(Forbidden):
        require(None, act)


@pytest.mark.parametrize("act", sorted(DELEGATED))
def test_a_contributor_reaches_only_what_was_delegated(act: Act) -> None:
    contributor = here(Role.CONTRIBUTOR)

    assert may(contributor, act, Place(TEBING_TINGGI, assignee_id=SEAT_ID))
    assert not may(contributor, act, Place(TEBING_TINGGI, assignee_id=SEAT_ID + 1))
    assert not may(contributor, act, Place(TEBING_TINGGI))


def test_every_act_is_somebodys_and_what_is_the_regions_never_goes_to_reviewers() -> None:
    assert all(RIGHTS[act] for act in Act)
    assert RIGHTS[Act.WORK_ON_ITEM] <= REGION_ROLES
    assert not RIGHTS[Act.REVIEW_ITEM] & REGION_ROLES


def test_what_is_not_there_and_what_is_not_allowed_read_alike() -> None:
    texts = {str(Forbidden(act, place).words) for act in Act for place in (EVERYWHERE, Place(KATINGAN))}

    assert len(texts) == 1
