"""Hands events to flows, grants what flows wish, and keeps where each chat stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from bot.flows.turns import Event, Flow, Pressed, Question, State, Told, Turn, Wish
from bot.services import alarms
from bot.services.rights import Forbidden
from bot.services.visits import Chat, Visit
from bot.texts import cut
from bot.words import Plain, Refusal, Say, _, _p, paragraphs

EARLIER_STEP = _("This button is from an earlier step. Here is where things stand.")
_OVER = _("This question is no longer open to you. Here is where things stand.")
# How many questions may be set aside for one another.
DEPTH = 4
# Telegram shows about forty characters of a button.
SUBJECT = 26

# What granting a wish leads to: a word for the person, something told to the flow, another flow on top, or nothing.
Granted: TypeAlias = "Say | Told | Begin | None"
Grant = Callable[[Visit, Any], Granted]
# Reads at once what many looks of one kind will want to see; what it returns is in reach while somebody holds it.
Foresight = Callable[[Session, Sequence[Any]], Sequence[object]]


@dataclass(frozen=True, slots=True)
class Begin:
    """A flow to start with this state, on top of an open one. `note` stands above its first question."""

    flow: str
    state: State
    note: Say | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person sees next: the open question, or the screen `then`, with `note` above it.

    `toast` answers a press briefly. `alert` makes it a window that must be read. `refused`: the note says why what was
    sent was not taken, so nothing may be written over it. `still`: the toast says all, the chat stays as it is.
    `below`: the panel moves below what was written to the person meanwhile.
    """

    note: Say | None = None
    then: str | None = None
    toast: Say | None = None
    alert: bool = False
    refused: bool = False
    still: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Conversations:
    """All flows by name, for each kind of wish the service that grants it, and for some looks their foresight."""

    flows: Mapping[str, Flow[Any]]
    grants: Mapping[type[Wish], Grant]
    foresights: Mapping[type[Wish], Foresight]

    def foresee(self, session: Session, chats: Iterable[Chat]) -> list[object]:
        """Read in a few statements what the open questions of all these chats will look at.

        Hold what is returned until the transaction ends: a session forgets what nobody holds.
        """
        looks = defaultdict(list)
        for chat in chats:
            wish = self._coming_look(chat)
            if wish is not None and type(wish) in self.foresights:
                looks[type(wish)].append(wish)
        return [row for kind, wishes in looks.items() for row in self.foresights[kind](session, wishes)]

    def _coming_look(self, chat: Chat) -> Wish | None:
        flow = self.flows.get(chat.flow["flow"]) if chat.flow else None
        if flow is None or flow.look is None or chat.flow is None:
            return None
        state = flow.load(chat.flow)
        return None if state is None else flow.look(state)

    def question(self, visit: Visit) -> Question | None:
        """The open question, if there is one that can still be asked."""
        opened = self._present(visit)
        while isinstance(opened, Reply):
            opened = self._present(visit)
        return opened[0].question(opened[1]) if opened else None

    def _present(self, visit: Visit) -> tuple[Flow[Any], State] | Reply | None:
        """The open flow in the state it has now, also where others changed what it is about.

        A reply, and the flow is over, when there is nothing left to ask.
        """
        opened = self._open(visit)
        if opened is None or opened[0].look is None:
            return opened
        flow, state = opened
        if visit.fresh is not None and visit.fresh[0] is visit.chat.flow:
            return flow, visit.fresh[1]
        turn = self._looked(visit, flow, state)
        if turn is not None and turn.state is not None:
            return flow, turn.state
        self._close(visit)
        return Reply(note=turn.note if turn else _OVER, then=turn.then if turn and visit.chat.flow is None else None)

    def _looked(self, visit: Visit, flow: Flow[Any], state: State) -> Turn[Any] | None:
        try:
            told = self._grant(visit, flow.look(state)) if flow.look else None
        except Refusal as refusal:
            note_refusal(visit, refusal)
            return None
        return flow.advance(state, told) if isinstance(told, Told) else None

    def way_back(self, visit: Visit) -> Say | None:
        """The label of the button that leads back to the open question: what it is about."""
        opened = self._open(visit)
        if opened is None:
            return None
        flow, state = opened
        what = Plain(cut(flow.subject(state), SUBJECT)) if flow.subject else flow.title
        return _p("button", "▶ Continue: {what}", what=what)

    def begin(self, visit: Visit, start: Begin) -> Reply:
        """Start a flow. An open question of the same flow gives way; another waits until this one is over."""
        chat = visit.chat
        if chat.flow and chat.flow["flow"] != start.flow and len(chat.stack) < DEPTH:
            chat.stack.append(chat.flow)
        chat.flow = self.flows[start.flow].save(start.state)
        chat.turn += 1
        return Reply(note=start.note)

    def hear(self, visit: Visit, event: Event) -> Reply | None:
        """Give an event to the open question. None if there is none, or if this was no answer to it.

        If the question has ended meanwhile, because others were faster, the event goes nowhere and the person is told.
        """
        opened = self._present(visit)
        if opened is None or isinstance(opened, Reply):
            return opened
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
            return Reply(toast=EARLIER_STEP)
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
        notes: list[Say] = [turn.note] if turn.note else []
        result: Granted = None
        for wish in turn.wishes:
            try:
                with visit.work.session.begin_nested():
                    result = self._grant(visit, wish)
            except Refusal as refusal:
                note_refusal(visit, refusal)
                return Reply(note=paragraphs(*notes, refusal.words), refused=True)
            if isinstance(result, Say):
                notes.append(result)
        return self._enter(visit, flow, turn, result, paragraphs(*notes) if notes else None)

    def _grant(self, visit: Visit, wish: Wish) -> Granted:
        letters = len(visit.work.letters)
        try:
            return self.grants[type(wish)](visit, wish)
        except Refusal:
            del visit.work.letters[letters:]
            raise

    def _enter(self, visit: Visit, flow: Flow[Any], turn: Turn[Any], result: Granted, note: Say | None) -> Reply:
        visit.chat.turn += 1
        if turn.state is None:
            self._close(visit)
        else:
            visit.chat.flow = flow.save(turn.state)
            # Nothing was done since the look before this turn, so the question need not look again.
            visit.fresh = None if turn.wishes else (visit.chat.flow, turn.state)
        if isinstance(result, Begin):
            begun = self.begin(visit, result)
            return replace(begun, note=_both(note, begun.note))
        if isinstance(result, Told) and turn.state is not None:
            after = self._follow(visit, flow, flow.advance(turn.state, result))
            return replace(after, note=_both(note, after.note))
        return Reply(note=note, then=turn.then if turn.state is None and visit.chat.flow is None else None)

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


def _both(first: Say | None, second: Say | None) -> Say | None:
    return paragraphs(first, second) if first and second else first or second


def note_refusal(visit: Visit, refusal: Refusal) -> None:
    """What was not allowed is written down; a plain no of the programme is not."""
    if isinstance(refusal, Forbidden):
        place = refusal.place
        visit.work.audit(
            "refused", refusal.act.value, None, region_code=place.region_code, after={"pillars": list(place.pillars)}
        )
        alarms.watch_refusals(visit)
