"""A message in a private chat. It is always answered once, in the order written in the design (section 9)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from telegram import Message

from bot.flows.turns import Event, Other, Pressed, Sent, Wrote
from bot.handlers.desk import Desk
from bot.handlers.incoming import event_of
from bot.handlers.typed import meant, squashed
from bot.screens.screen import framed
from bot.services import asking, check_ins, joining, own_reminders, placing, reading, remembered, replies, replying
from bot.services.conversations import Begin, Reply, note_refusal
from bot.services.visits import Visit
from bot.words import Refusal, Say, _

SYNONYMS: Mapping[str, str] = {
    "menu": "home",
    "beranda": "home",
    "home": "home",
    "tugas": "tasks",
    "tugas saya": "tasks",
    "tahapan": "stages",
    "kemajuan": "progress",
    "bantuan": "help",
    "help": "help",
    "tolong": "help",
    "profil": "profile",
    "tinjauan": "reviews",
    "pertanyaan": "questions",
    "pertanyaan saya": "questions",
    "antrean": "queue",
    "jawaban saya": "my-answers",
    "jawaban cepat": "canned",
    "pengumuman": "my-announcements",
}


def on_message(desk: Desk, visit: Visit, message: Message) -> Reply:
    """The first that fits: answer, code, native Reply, label, synonym, what a mentor waits for, FAQ, a file without
    an item, the same question, a kind question.

    A Reply to a letter about a question goes first: it says itself what it answers.
    """
    event = event_of(message, visit)
    attempts: tuple[Callable[[], Reply | None], ...] = (
        lambda: _as_reply_to_question(desk, visit, message, event),
        lambda: desk.conversations.hear(visit, event),
        lambda: _as_code(desk, visit, event),
        lambda: _as_choice(desk, visit, event),
        lambda: _as_native_reply(desk, visit, message, event),
        lambda: _as_button(desk, visit, event),
        lambda: _as_hour(desk, visit, event),
        lambda: _as_synonym(event),
        lambda: _as_awaited(desk, visit, event),
        lambda: _as_frequent_question(visit, event),
        lambda: _as_loose_file(desk, visit, event),
    )
    for attempt in attempts:
        reply = attempt()
        if reply is not None:
            return reply
    return _again(desk, visit, event) or _not_understood(visit, event)


def on_edit(desk: Desk, visit: Visit, message: Message) -> Reply | None:
    """A message whose words were changed in Telegram; None where it is of no thread and no open draft."""
    event = _without_command(event_of(message, visit))
    if asking.is_in_draft(visit, event):
        return desk.conversations.hear(visit, event)
    return _tried(desk, visit, lambda: replying.edited(visit, event))


def _without_command(event: Event) -> Event:
    """What was written behind a command, "/tanya …", is what counts of an edited one too."""
    if not isinstance(event, Wrote) or not event.text.startswith("/"):
        return event
    return replace(event, text=event.text.partition(" ")[2].strip(), html="")


def _as_code(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    if not isinstance(event, Wrote):
        return None
    return joining.typed_code(desk.conversations, visit, event.text) or check_ins.typed_code(visit, event.text)


def _as_choice(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    question = desk.conversations.question(visit) if isinstance(event, Wrote) else None
    if question is None or not isinstance(event, Wrote):
        return None
    labelled = [
        (desk.texts.plain(choice.label, visit.language), (choice.name, choice.value))
        for row in question.rows
        for choice in row
    ]
    found = meant(event.text, labelled)
    return desk.conversations.hear(visit, Pressed(*found)) if found else None


def _as_reply_to_question(desk: Desk, visit: Visit, message: Message, event: Event) -> Reply | None:
    replied = message.reply_to_message
    if replied is None or visit.person is None:
        return None
    return _tried(desk, visit, lambda: replies.to_question(visit, replied.message_id, event))


def _as_native_reply(desk: Desk, visit: Visit, message: Message, event: Event) -> Reply | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    words = replied.text or replied.caption or ""
    return _tried(desk, visit, lambda: replies.to_letter(visit, replied.message_id, event, words))


def _as_awaited(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    """With no question open: what a mentor has asked back and waits for."""
    return _tried(desk, visit, lambda: replying.plain(visit, event)) if visit.chat.flow is None else None


def _tried(desk: Desk, visit: Visit, deed: Callable[[], Reply | Begin | None]) -> Reply | None:
    """A deed done by a message; a refusal undoes it and is said."""
    letters = len(visit.work.letters)
    try:
        with visit.work.session.begin_nested():
            done = deed()
    except Refusal as refusal:
        del visit.work.letters[letters:]
        note_refusal(visit, refusal)
        return Reply(note=refusal.words, refused=True)
    return desk.conversations.begin(visit, done) if isinstance(done, Begin) else done


def _as_button(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    if not isinstance(event, Wrote) or visit.person is None:
        return None
    screen, _key = desk.draw(visit, visit.chat.screen)
    _text, rows = framed(screen, None)
    labelled = [
        (desk.texts.plain(button.label, visit.language), button.data)
        for row in rows
        for button in row
        if button.data.startswith("s:")
    ]
    found = meant(event.text, labelled)
    return Reply(then=found.removeprefix("s:")) if found else None


def _as_hour(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    if not isinstance(event, Wrote) or visit.person is None or visit.chat.flow is not None:
        return None
    return _tried(desk, visit, lambda: own_reminders.typed_hour(visit, event.text))


def _as_synonym(event: Event) -> Reply | None:
    if not isinstance(event, Wrote):
        return None
    screen = SYNONYMS.get(squashed(event.text))
    return Reply(then=screen) if screen else None


def _as_frequent_question(visit: Visit, event: Event) -> Reply | None:
    if not isinstance(event, Wrote) or visit.person is None:
        return None
    return reading.for_text(visit, event.text)


def _as_loose_file(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    """With no question open: a file whose item is still to be named."""
    if not isinstance(event, Sent) or visit.chat.flow is not None:
        return None
    begun = placing.loose_file(visit, event)
    return desk.conversations.begin(visit, begun) if begun else None


def _again(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    """The open question once more, with help."""
    if desk.conversations.question(visit) is None:
        return None
    note = desk.conversations.unheard(visit, event)
    return Reply(note=note or _("Apologies, this could not be read as an answer. Here is the question again."))


def _not_understood(visit: Visit, event: Event) -> Reply:
    return Reply(note=_kindly(event), then=f"lost:{remembered.update_id(visit)}")


def _kindly(event: Event) -> Say:
    match event:
        case Sent():
            return _("The file has arrived, but it is not yet clear which item it proves. Please open the item first.")
        case Other(kind="voice") | Other(kind="audio") | Other(kind="video_note"):
            return _("Apologies, voice messages cannot be read here. Please write, or send a photo or a document.")
        case Other():
            return _("Apologies, this kind of message cannot be used here. Please write, or choose a button.")
        case _:
            return _("Apologies, the message could not be understood yet. Is it one of these?")
