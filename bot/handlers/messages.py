"""A message in a private chat. It is always answered once, in the order written in the design (section 9)."""

from collections.abc import Callable, Mapping

from telegram import Message

from bot.flows.turns import Event, Other, Pressed, Sent, Wrote
from bot.handlers.desk import Desk
from bot.handlers.incoming import event_of
from bot.handlers.typed import meant, squashed
from bot.screens.screen import framed
from bot.services import faq, joining, replies
from bot.services.conversations import Reply, note_refusal
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
}


def on_message(desk: Desk, visit: Visit, message: Message) -> Reply:
    """The first that fits: answer, code, native Reply, label, synonym, FAQ, the same question, a kind question."""
    event = event_of(message, visit)
    attempts: tuple[Callable[[], Reply | None], ...] = (
        lambda: desk.conversations.hear(visit, event),
        lambda: _as_code(desk, visit, event),
        lambda: _as_choice(desk, visit, event),
        lambda: _as_native_reply(visit, message, event),
        lambda: _as_button(desk, visit, event),
        lambda: _as_synonym(event),
        lambda: _as_frequent_question(visit, event),
    )
    for attempt in attempts:
        reply = attempt()
        if reply is not None:
            return reply
    return _again(desk, visit, event) or _not_understood(event)


def _as_code(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    return joining.typed_code(desk.conversations, visit, event.text) if isinstance(event, Wrote) else None


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


def _as_native_reply(visit: Visit, message: Message, event: Event) -> Reply | None:
    if message.reply_to_message is None or not isinstance(event, Wrote):
        return None
    try:
        with visit.work.session.begin_nested():
            return replies.to_letter(visit, message.reply_to_message.message_id, event)
    except Refusal as refusal:
        note_refusal(visit, refusal)
        return Reply(note=refusal.words)


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


def _as_synonym(event: Event) -> Reply | None:
    if not isinstance(event, Wrote):
        return None
    screen = SYNONYMS.get(squashed(event.text))
    return Reply(then=screen) if screen else None


def _as_frequent_question(visit: Visit, event: Event) -> Reply | None:
    if not isinstance(event, Wrote) or visit.person is None:
        return None
    entry = faq.match(visit.work.programme.edition, event.text)
    return Reply(then=f"faq:{entry.key}") if entry else None


def _again(desk: Desk, visit: Visit, event: Event) -> Reply | None:
    """The open question once more, with help."""
    if desk.conversations.question(visit) is None:
        return None
    note = desk.conversations.unheard(visit, event)
    return Reply(note=note or _("Apologies, this could not be read as an answer. Here is the question again."))


def _not_understood(event: Event) -> Reply:
    return Reply(note=_kindly(event), then="lost")


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
