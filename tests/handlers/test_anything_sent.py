"""Whatever is sent, in every step of every flow and on every screen: exactly one helpful answer, and nothing moves
unless it was an answer (acceptance story 10)."""

import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flows.turns import Event, Flow, Wrote
from bot.handlers.incoming import event_of, read_update
from bot.handlers.tables import FLOWS
from db.models import Item, Submission
from db.vocabulary import Role, Verdict
from tests import stage
from tests.flows.specimens import specimen, step_name, steps
from tests.handlers.anything import KINDS, message
from tests.handlers.counter import TEXTS, Counter
from tests.handlers.crawler import Crawler
from tests.items.sample import STATES, sample
from tests.people.phone import Phone, Town

# Counters of what could not be used: they may grow, so that the help gets more concrete.
COUNTS = frozenset({"misses", "failures"})
OPEN_ITEM = STATES["started"]
STEPS = [(flow, step) for flow in FLOWS.values() for step in steps(flow)]
NAMES = [f"{flow.name}-{step_name(step)}" for flow, step in STEPS]


def known(session: Session) -> dict[str, Any]:
    """The numbers of real rows, so that what a flow is about exists."""
    item = session.scalars(select(Item).where(Item.key == OPEN_ITEM, Item.region_code == stage.TEBING_TINGGI)).one()
    waiting = select(Submission).where(Submission.verdict == Verdict.WAITING).order_by(Submission.id)
    submission = session.scalars(waiting).first()
    assert submission is not None
    return {"item_id": item.id, "key": item.key, "submission_id": submission.id, "version": 1}


def actor(flow: Flow[Any], phones: Mapping[Role, Phone]) -> Phone:
    """Who would stand in this flow."""
    return phones[Role.MENTOR] if flow.name in ("return", "reply", "leave", "answer", "pass") else phones[Role.LEAD]


def counted_out(document: Any) -> Any:
    """A saved state without its counters."""
    if isinstance(document, dict):
        return {name: counted_out(value) for name, value in document.items() if name not in COUNTS}
    return [counted_out(value) for value in document] if isinstance(document, list) else document


def user(phone: Phone) -> dict[str, Any]:
    return {"id": phone.account, "is_bot": False, "first_name": phone.name, "language_code": "en"}


def event(kind: str, content: dict[str, Any], phone: Phone) -> Event | None:
    """The event that a message is; None for what is no message of its own or a command."""
    if kind != "message" or str(content.get("text", "")).startswith("/"):
        return None
    said = read_update({"update_id": 1, kind: content}).message
    return event_of(said, phone.visit()) if said else None


def check(counter: Counter, phone: Phone, sent: str, chance: random.Random, stands: dict[str, Any] | None) -> None:
    kind, content = message(sent, chance, user(phone))
    answer = counter.hand_in(phone.account, kind, deepcopy(content))
    about = f"{sent}: {content}"[:400]
    assert len(answer.panels) == 1, f"{len(answer.panels)} answers to {about}"
    assert answer.text.strip(), about
    assert answer.labels, f"no way on after {about}:\n{answer.text}"
    assert TEXTS.plain(_apology(), "en")[:20] not in answer.text
    if not _ends_by_itself(stands) and not _is_answer(stands, event(kind, content, phone)):
        assert counted_out(counter.flow) == counted_out(stands), f"moved by {about}"


def _apology() -> Any:
    from bot.words import _

    return _("Apologies, something went wrong")


def _is_answer(stands: dict[str, Any] | None, heard: Event | None) -> bool:
    """Whether the open question takes this event as its answer, or as one of its buttons."""
    if stands is None or heard is None:
        return stands is None and heard is not None
    flow = FLOWS[stands["flow"]]
    state = flow.load(stands)
    if isinstance(heard, Wrote) and len(heard.text) < 41:
        return True  # it may be the label of a button; what such words do is told in tests of their own
    return bool(flow.advance(state, heard).heard)


def _ends_by_itself(stands: dict[str, Any] | None) -> bool:
    """A question about something that does not exist here is over as soon as it is looked at."""
    return stands is not None and FLOWS[stands["flow"]].look is not None and stands["flow"] != "work"


def inputs(seed: str, count: int) -> Iterator[tuple[str, random.Random]]:
    """So many inputs, as different from one another as they can be; another order for each seed."""
    chance = random.Random(seed)
    kinds = chance.sample(list(KINDS), len(KINDS))
    for number in range(count):
        yield kinds[number % len(kinds)], chance


@pytest.fixture
def crowd(session: Session, town: Town) -> tuple[Counter, Mapping[Role, Phone]]:
    phones = sample(town)
    return Counter(session), phones


def in_every_step(counter: Counter, phones: Mapping[Role, Phone], count: int) -> None:
    about = known(counter.session)
    for name, (flow, step) in zip(NAMES, STEPS, strict=True):
        phone, state = actor(flow, phones), specimen(step, **about)
        for kind, chance in inputs(name, count):
            counter.stands(phone.account, flow.save(state))
            check(counter, phone, kind, chance, flow.save(state))


def on_every_screen(counter: Counter, phones: Mapping[Role, Phone], count: int) -> None:
    for role in (Role.LEAD, Role.MENTOR, Role.COORDINATOR, Role.CONTRIBUTOR):
        screens = [data[2:] for data in Crawler(phones[role]).walk() if data.startswith("s:")]
        for screen in _one_of_each(screens):
            for kind, chance in inputs(f"{role}{screen}", count):
                counter.stands(phones[role].account, None, screen)
                check(counter, phones[role], kind, chance, None)


def _one_of_each(screens: list[str]) -> list[str]:
    return list({screen.split(":")[0]: screen for screen in screens}.values())


def test_in_every_step_exactly_one_answer(crowd: tuple[Counter, Mapping[Role, Phone]]) -> None:
    in_every_step(*crowd, count=5)


def test_on_every_screen_exactly_one_answer(crowd: tuple[Counter, Mapping[Role, Phone]]) -> None:
    on_every_screen(*crowd, count=2)


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_two_hundred_inputs_in_every_step_and_on_every_screen(crowd: tuple[Counter, Mapping[Role, Phone]]) -> None:
    in_every_step(*crowd, count=200)
    on_every_screen(*crowd, count=200)


def test_a_stranger_gets_one_answer_to_whatever_is_sent(session: Session, town: Town) -> None:
    counter, guest = Counter(session), town.newcomer()
    for kind, chance in inputs("stranger", 30):
        counter.now += timedelta(minutes=1)  # a stranger gets a few answers a minute
        check(counter, guest, kind, chance, None)
