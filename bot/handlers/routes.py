"""Which handler answers which update, on one page."""

from datetime import date

from telegram import CallbackQuery, ChatMemberUpdated, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.handlers.commands import on_command
from bot.handlers.desk import Desk
from bot.handlers.incoming import is_service
from bot.handlers.messages import on_edit, on_message
from bot.handlers.presses import on_press
from bot.services import announcement_reading, check_ins, consent, joining, people, undelivered
from bot.services.conversations import Reply
from bot.services.visits import Visit
from bot.words import _

_GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})


def route(desk: Desk, visit: Visit, update: Update) -> Reply | None:
    """The reply to an update; None where silence is right (design: groups, Telegram's own remarks)."""
    if update.my_chat_member:
        _membership(visit, update.my_chat_member)
        return None
    if visit.person is not None and visit.person.suspended_at is not None:
        return joining.suspended(visit)
    renewal = None if update.edited_message else consent.ask_again(desk.conversations, visit)
    if renewal is not None:
        return renewal
    if update.callback_query:
        return _press(desk, visit, update.callback_query)
    if update.message:
        return _message(desk, visit, update.message)
    if update.edited_message:
        return _edited(desk, visit, update.edited_message)
    return None


def _membership(visit: Visit, change: ChatMemberUpdated) -> None:
    """A person blocked the bot, or came back."""
    _mark_reachable(visit, blocked=change.new_chat_member.status in _GONE)


def _mark_reachable(visit: Visit, *, blocked: bool) -> None:
    """Whoever is back gets what could not be delivered meanwhile."""
    if people.mark_reachable(visit, blocked):
        undelivered.send_again(visit.work, visit.member)
        announcement_reading.tell_missed(visit.work, visit.member)


def _press(desk: Desk, visit: Visit, query: CallbackQuery) -> Reply:
    if query.message is not None and query.message.chat.type != ChatType.PRIVATE:
        return Reply(toast=_("This button is not meant for you."), alert=True)
    visit.pressed = query.message.message_id if query.message else None
    return on_press(desk, visit, query.data or "", _day(visit, query.message))


def _day(visit: Visit, message: MaybeInaccessibleMessage | None) -> date:
    """The day a message was written; today for one that Telegram gives no more (its date is 0)."""
    return visit.local(message.date) if isinstance(message, Message) else visit.today


def _message(desk: Desk, visit: Visit, message: Message) -> Reply | None:
    if is_service(message):
        return None
    _mark_reachable(visit, blocked=False)
    if message.text and message.text.startswith("/"):
        return on_command(desk, visit, message.text)
    if visit.person is None and desk.conversations.question(visit) is None:
        text = message.text or ""
        return check_ins.typed_code(visit, text) or joining.stranger(desk.conversations, visit, text)
    return on_message(desk, visit, message)


def _edited(desk: Desk, visit: Visit, message: Message) -> Reply:
    """In a thread, and in a question not yet sent, the new wording counts; elsewhere nothing is read twice."""
    return on_edit(desk, visit, message) or Reply(note=_NOT_AGAIN)


_NOT_AGAIN = _("A changed message is not read again. Please send the correction as a new message.")
