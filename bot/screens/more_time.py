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
from db.models import Item


def in_force_words(visit: Visit, subject: str, code: str) -> Say | None:
    """Beside a moved deadline: the former day, the reason, and who approved it; and what is asked for now."""
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


def asked_words(visit: Visit, subject: str, code: str) -> Say | None:
    """What is asked for and not decided yet."""
    waits = extensions.asked_by_me(visit, subject, code)
    if waits is None:
        return None
    return _(
        "<i>⏳ {name} has asked for {day}; a coordinator decides.</i>",
        name=waits.asked_by.name,
        day=Day(waits.proposed_day),
    )


def item_row(visit: Visit, item: Item) -> tuple[Row, ...]:
    """To ask for more time for an item, to give it, or to what is asked already."""
    if not extensions.is_extendable(visit.work, item):
        return ()
    return _row(visit, item.key, item.region_code, ("extend", item.id, item.version))


def stage_row(visit: Visit, stage: Stage, code: str) -> tuple[Row, ...]:
    """The same for a whole stage, while something of it is open."""
    if all(item.state in ENDED for item in stage.items):
        return ()
    return _row(visit, stage.milestone.key, code, ("extend-stage", f"{stage.milestone.key}-{code}", 0))


def _row(visit: Visit, subject: str, code: str, deed: tuple[str, object, int]) -> tuple[Row, ...]:
    name, about, version = deed
    if visit.may(Act.ASK_EXTENSION, Place(code)):
        if extensions.asked_by_me(visit, subject, code):
            return ((look(_p("button", "⏳ The request"), "extended", code),),)
        return ((do(_p("button", "⏳ Ask for more time"), name, about, version),),)
    if visit.may(Act.DECIDE_EXTENSION, Place(code)):
        over = closing.is_over(visit.work.programme.edition, visit.work.now)
        return ((do(_p("button", "🔓 Open again") if over else _p("button", "⏳ Extend"), name, about, version),),)
    return ()
