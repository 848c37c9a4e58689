"""Two people redeem the last use of an invitation at the same moment, on both databases."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.flows.joining_steps import Join
from bot.services import invites, joining
from bot.services.seats import Grantable
from db.engine import Database
from db.models import AuditEntry, Invite, Person, Seat
from db.vocabulary import Role
from tests import stage
from tests.stage import TEBING_TINGGI

ACCOUNTS = (8_000_000_001, 8_000_000_002, 8_000_000_003, 8_000_000_004)


def prepare(session: Session) -> int:
    """One invitation for one person."""
    work = stage.open_work(session)
    stage.region(work)
    lead = stage.member(work, Role.LEAD, TEBING_TINGGI)
    invite, _code = invites.create(stage.visit_of(work, lead), Grantable(Role.OFFICIAL, TEBING_TINGGI))
    return invite.id


def join(session: Session, account: int, invite_id: int) -> str:
    work = stage.open_work(session, cause=f"update {account}")
    visit = stage.stranger(work, f"Tamu {account}", account)
    told = joining.join(visit, Join(Role.OFFICIAL, TEBING_TINGGI, invite_id, visit.telegram_name, "Kabid", 1))
    return told.name


@pytest.mark.parametrize("_round", range(3))
async def test_exactly_one_of_those_who_redeem_the_last_use_at_once_gets_in(database: Database, _round: int) -> None:
    invite_id = await database.write(prepare)

    async def redeem(account: int) -> str:
        return await database.write(lambda session: join(session, account, invite_id))

    told = await asyncio.gather(*map(redeem, ACCOUNTS))

    assert sorted(told) == ["joined", "refused", "refused", "refused"]
    uses, seats, persons = await database.read(_counts)
    assert (uses, seats, persons) == (1, 2, 2)


def _counts(session: Session) -> tuple[int, int, int]:
    return (
        session.scalars(select(Invite.uses)).one(),
        session.scalar(select(func.count()).select_from(Seat)) or 0,
        session.scalar(select(func.count()).select_from(Person)) or 0,
    )


async def test_a_use_that_is_rolled_back_is_not_counted(database: Database) -> None:
    invite_id = await database.write(prepare)

    class PowerCut(Exception):  # noqa: N818
        pass

    def crash(session: Session) -> None:
        join(session, ACCOUNTS[0], invite_id)
        raise PowerCut

    with pytest.raises(PowerCut):
        await database.write(crash)
    told = await database.write(lambda session: join(session, ACCOUNTS[1], invite_id))

    assert told == "joined"


async def test_the_refusal_of_the_late_one_stands_in_the_audit(database: Database) -> None:
    invite_id = await database.write(prepare)
    await database.write(lambda session: join(session, ACCOUNTS[0], invite_id))
    await database.write(lambda session: join(session, ACCOUNTS[1], invite_id))

    reasons = await database.read(
        lambda session: list(session.scalars(select(AuditEntry.reason).where(AuditEntry.act == "refused_invite")))
    )

    assert reasons == ["too late"]
