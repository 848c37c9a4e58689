"""The desk where a visit is answered: everything a handler needs, and the one way a reply becomes a message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.buttons import Row, answer, look
from bot.flows.turns import Question
from bot.screens.screen import Draw, Screen, framed, nothing_there
from bot.services.conversations import Begin, Conversations, Reply, note_refusal
from bot.services.letters import text_body
from bot.services.visits import Visit
from bot.texts import Texts
from bot.words import Refusal, Say, _, paragraphs
from db.outbox import Outgoing
from db.vocabulary import Policy

# What a button of an earlier release, or a forged one, runs into: other arguments than the screen or deed takes.
UNREADABLE = (TypeError, ValueError, LookupError, StopIteration, OverflowError)
STALE = _("This button is from an earlier message. Here is where things stand now.")
Deed = Callable[[Visit, str, int], Reply | Begin]


@dataclass(frozen=True, slots=True)
class Desk:
    """The tables of everything that can be looked at, done at once, or done in steps."""

    conversations: Conversations
    screens: Mapping[str, Draw]
    deeds: Mapping[str, Deed]
    texts: Texts

    def act(self, visit: Visit, deed: str, subject: str, version: int) -> Reply:
        """Do a deed at once. A refusal undoes it and is said in a window."""
        if deed not in self.deeds:
            return Reply(toast=STALE)
        letters = len(visit.work.letters)
        try:
            with visit.work.session.begin_nested():
                done = self.deeds[deed](visit, subject, version)
        except Refusal as refusal:
            del visit.work.letters[letters:]
            note_refusal(visit, refusal)
            return Reply(toast=refusal.words, alert=True, then=visit.chat.screen)
        except UNREADABLE:
            del visit.work.letters[letters:]
            return Reply(toast=STALE)
        return self.conversations.begin(visit, done) if isinstance(done, Begin) else done

    def view(self, visit: Visit, reply: Reply) -> tuple[Say, tuple[Row, ...]]:
        """What the panel shows: the open question, or a screen."""
        question = self.conversations.question(visit) if reply.then is None else None
        if question is not None:
            return paragraphs(reply.note, question.text), question_rows(question, visit.chat.turn)
        return self._screen(visit, reply.then or visit.chat.screen, reply.note)

    def _screen(self, visit: Visit, key: str, note: Say | None) -> tuple[Say, tuple[Row, ...]]:
        screen, shown = self.draw(visit, key)
        visit.chat.screen = shown
        way_back = self.conversations.way_back(visit)
        waiting = ((look(way_back, "resume"),),) if way_back else ()
        return framed(screen, note, waiting)

    def draw(self, visit: Visit, key: str) -> tuple[Screen, str]:
        """The screen of a key, and the key to come back to it. Unknown or not allowed: a kind word."""
        name, *arguments = key.split(":")
        draw = self.screens.get(name)
        if draw is None:
            return self.screens["home"](visit), "home"
        try:
            return draw(visit, *arguments), key
        except Refusal as refusal:
            note_refusal(visit, refusal)
            return nothing_there(visit), "home"
        except UNREADABLE:
            return nothing_there(visit), "home"

    def panel(self, visit: Visit, reply: Reply, update_id: int) -> Outgoing:
        """The reply as the chat's live panel."""
        say, rows = self.view(visit, reply)
        return Outgoing(
            unique_key=f"upd:{update_id}:panel",
            chat_id=visit.chat.chat_id,
            method="editMessageText",
            body=text_body(visit.chat.chat_id, say, rows, self.texts, visit.language),
            policy=Policy.AT_LEAST_ONCE,
            panel=True,
        )


def question_rows(question: Question, turn: int) -> tuple[Row, ...]:
    """The choices of a question as buttons that count for this turn only."""
    return tuple(
        tuple(answer(choice.label, turn, choice.name, choice.value) for choice in row) for row in question.rows
    )
