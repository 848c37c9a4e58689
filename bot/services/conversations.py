"""Hands events to flows, grants what flows wish, and keeps where each chat stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.flows.turns import Event, Flow, Pressed, Question, State, Told, Turn, Wish
from bot.services.rights import Forbidden
from bot.services.visits import Visit
from bot.words import Refusal, Say, _, paragraphs

# How many questions may be set aside for one another.
DEPTH = 4

Grant = Callable[[Visit, Any], "Told | Begin | None"]


@dataclass(frozen=True, slots=True)
class Begin:
    """A flow to start with this state, on top of an open one."""

    flow: str
    state: State


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees next: the open question, or the screen `then`, with `note` above it.

    `toast` answers a press briefly. `alert` makes it a window that must be read.
    """

    note: Say | None = None
    then: str | None = None
    toast: Say | None = None
    alert: bool = False


@dataclass(frozen=True, slots=True)
class Conversations:
    """All flows by name, and for each kind of wish the service that grants it."""

    flows: Mapping[str, Flow[Any]]
    grants: Mapping[type[Wish], Grant]

    def question(self, visit: Visit) -> Question | None:
        """The open question, if there is one that can still be asked."""
        opened = self._open(visit)
        if opened is None:
            return None
        flow, state = opened
        fresh = self._looked(visit, flow, state) if flow.look else state
        return flow.question(fresh) if fresh is not None else self.question(visit)

    def _looked(self, visit: Visit, flow: Flow[Any], state: State) -> State | None:
        """The state with what is true now. None, and the flow is over, when there is nothing left to ask."""
        try:
            told = self._grant(visit, flow.look(state)) if flow.look else None
        except Refusal as refusal:
            note_refusal(visit, refusal)
            told = None
        fresh = flow.advance(state, told).state if isinstance(told, Told) else None
        if fresh is None:
            self._close(visit)
        return fresh

    def title(self, visit: Visit) -> Say | None:
        opened = self._open(visit)
        return opened[0].title if opened else None

    def begin(self, visit: Visit, start: Begin) -> Reply:
        """Start a flow. An open question of the same flow gives way; another waits until this one is over."""
        chat = visit.chat
        if chat.flow and chat.flow["flow"] != start.flow and len(chat.stack) < DEPTH:
            chat.stack.append(chat.flow)
        chat.flow = self.flows[start.flow].save(start.state)
        chat.turn += 1
        return Reply()

    def hear(self, visit: Visit, event: Event) -> Reply | None:
        """Give an event to the open question. None if there is none, or if this was no answer to it."""
        opened = self._open(visit)
        if opened is None:
            return None
        flow, state = opened
        turn = flow.advance(state, event)
        return self._follow(visit, flow, turn) if turn.heard else None

    def unheard(self, visit: Visit, event: Event) -> Say | None:
        """What the open question says to something that is no answer to it; it may remember that it was asked."""
        opened = self._open(visit)
        if opened is None:
            return None
        turn = opened[0].advance(opened[1], event)
        if turn.state is not None:
            visit.chat.flow = opened[0].save(turn.state)
        return turn.note

    def press(self, visit: Visit, turn: int, name: str, value: str) -> Reply:
        """A press counts only for the question it was shown under."""
        if visit.chat.flow is None or turn != visit.chat.turn:
            return Reply(toast=_("This button is from an earlier step. Here is where things stand."))
        return self.hear(visit, Pressed(name, value)) or Reply()

    def cancel(self, visit: Visit) -> Reply | None:
        """Leave the open question; what was kept stays kept. None if nothing was open."""
        if visit.chat.flow is None:
            return None
        reply = self.hear(visit, Pressed("cancel"))
        if reply is not None:
            return reply
        self._close(visit)
        return Reply(note=_("Cancelled. What was saved before stays saved."), then="home")

    def _follow(self, visit: Visit, flow: Flow[Any], turn: Turn[Any]) -> Reply:
        told: Told | Begin | None = None
        for wish in turn.wishes:
            try:
                with visit.work.session.begin_nested():
                    told = self._grant(visit, wish)
            except Refusal as refusal:
                note_refusal(visit, refusal)
                return Reply(note=refusal.words)
        return self._enter(visit, flow, turn, told)

    def _grant(self, visit: Visit, wish: Wish) -> "Told | Begin | None":
        letters = len(visit.work.letters)
        try:
            return self.grants[type(wish)](visit, wish)
        except Refusal:
            del visit.work.letters[letters:]
            raise

    def _enter(self, visit: Visit, flow: Flow[Any], turn: Turn[Any], told: "Told | Begin | None") -> Reply:
        visit.chat.turn += 1
        if turn.state is None:
            self._close(visit)
        else:
            visit.chat.flow = flow.save(turn.state)
        if isinstance(told, Begin):
            self.begin(visit, told)
            return Reply(note=turn.note)
        if isinstance(told, Told) and turn.state is not None:
            after = self._follow(visit, flow, flow.advance(turn.state, told))
            return Reply(
                paragraphs(turn.note, after.note) if turn.note and after.note else turn.note or after.note, after.then
            )
        return Reply(note=turn.note, then=turn.then if turn.state is None and visit.chat.flow is None else None)

    def _close(self, visit: Visit) -> None:
        """The open question is over; the one set aside for it is open again."""
        visit.chat.flow = visit.chat.stack.pop() if visit.chat.stack else None

    def _open(self, visit: Visit) -> tuple[Flow[Any], State] | None:
        saved = visit.chat.flow
        while saved is not None:
            flow = self.flows.get(saved["flow"])
            state = flow.load(saved) if flow else None
            if flow is not None and state is not None:
                return flow, state
            self._close(visit)
            saved = visit.chat.flow
        return None


def note_refusal(visit: Visit, refusal: Refusal) -> None:
    """What was not allowed is written down; a plain no of the programme is not."""
    if isinstance(refusal, Forbidden):
        place = refusal.place
        visit.work.audit(
            "refused", refusal.act.value, None, region_code=place.region_code, after={"pillars": list(place.pillars)}
        )
