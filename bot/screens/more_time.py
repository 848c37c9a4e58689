"""More time on the card of an item and on the page of a stage: what was moved, what is asked for, and how to ask."""

from bot.buttons import Row, do, look
from bot.services import closing, extensions
from bot.services.extension_days import Aim, default
from bot.services.extension_letters import ENDED, names
from bot.services.rights import Act, Place
from bot.services.stages import Stage
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Day, Say, _, _p
from db.models import Extension, Item


def in_force_words(visit: Visit, subject: str, code: str) -> Say | None:
    """Beside a moved deadline: the former day, the reason, and who approved it; or that the own bimtek decides."""
    if extensions.is_by_session(visit, subject, code):
        former = Day(default(visit.work, Aim(subject, code)))
        return _("<i>This is the day of the region's own bimtek; usual: {former}.</i>", former=former)
    found = extensions.in_force(visit, subject, code)
    if found is None:
        return None
    return _(
        "<i>Extended; at first {former}. Reason: {reason} Approved by {name}.</i>",
        former=Day(default(visit.work, Aim(subject, code))),
        reason=_sentence(cut(found.reason, 300)),
        name=names(found),
    )


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def asked_words(waits: Extension | None) -> Say | None:
    """What is asked for and not decided yet."""
    if waits is None:
        return None
    return _(
        "<i>⏳ {name} has asked for {day}; a coordinator decides.</i>",
        name=waits.asked_by.name,
        day=Day(waits.proposed_day),
    )


def item_row(visit: Visit, item: Item, waits: Extension | None) -> tuple[Row, ...]:
    """To ask for more time for an item, to give it, or to what is asked already."""
    if not extensions.is_extendable(visit.work, item):
        return ()
    return _row(visit, item.region_code, waits, ("extend", item.id, item.version))


def stage_row(visit: Visit, stage: Stage, code: str, waits: Extension | None) -> tuple[Row, ...]:
    """The same for a whole stage, while something of it is open."""
    if all(item.state in ENDED for item in stage.items):
        return ()
    return _row(visit, code, waits, ("extend-stage", f"{stage.milestone.key}-{code}", 0))


def _row(visit: Visit, code: str, waits: Extension | None, deed: tuple[str, object, int]) -> tuple[Row, ...]:
    if visit.may(Act.ASK_EXTENSION, Place(code)):
        ask = do(_p("button", "⏳ Ask for more time"), *deed)
        return ((look(_REQUEST, "extended", code) if waits else ask,),)
    if visit.may(Act.DECIDE_EXTENSION, Place(code)):
        over = closing.is_over(visit.work.programme.edition, visit.work.now)
        give = do(_p("button", "🔓 Open again") if over else _p("button", "⏳ Extend"), *deed)
        return ((look(_REQUEST, "extension", waits.id), give) if waits else (give,),)
    return ()


_REQUEST = _p("button", "⏳ The request")
