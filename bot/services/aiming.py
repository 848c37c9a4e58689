"""One press changes whom a draft is for."""

from collections.abc import Callable, Mapping

from bot.services import announcements, audiences, kept_audiences
from bot.services.audiences import Audience, Standing
from bot.services.conversations import Reply
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.words import _

# Part of a rule, as buttons name it, and the screen where it is chosen.
_SCREENS: Mapping[str, str] = {
    "role": "audience",
    "zone": "audience",
    "quiet": "audience",
    "clear": "audience",
    "saved": "audience",
    "province": "aud-provinces",
    "region": "aud-regions",
    "pillar": "aud-pillars",
    "cohort": "aud-cohorts",
    "about": "aud-work",
    "standing": "aud-work",
    "unread": "aud-unread",
    "without": "aud-people",
}
_LISTS: Mapping[str, str] = {
    "role": "roles",
    "zone": "zones",
    "province": "provinces",
    "region": "regions",
    "pillar": "pillars",
    "cohort": "cohorts",
    "without": "without",
}


def aim(visit: Visit, subject: str, version: int) -> Reply:
    """Turn one part of the rule on or off (`12-region-12.76`). An old button changes nothing."""
    number, part, value = (*subject.split("-", 2), "", "")[:3]
    found = announcements.draft(visit, number)
    if part not in _SCREENS:
        raise Forbidden(Act.ANNOUNCE, Place())
    here = f"{_SCREENS[part]}:{found.id}"
    if found.version != version:
        return Reply(toast=_("It was changed meanwhile. Please look once more."), then=here)
    rule = _changed(visit, announcements.audience(found), part, value)
    announcements.aim(visit, found, rule)
    return Reply(then=here)


def _changed(visit: Visit, rule: Audience, part: str, value: str) -> Audience:
    match part:
        case "clear":
            return announcements.everybody(visit)
        case "saved":
            return _saved(visit, value)
        case "quiet":
            return _with(rule, rest_hours=0 if rule.rest_hours else 24)
        case "about":
            audiences.keys_of(visit.work, value)
            return _with(rule, about=None if rule.about == value else value)
        case "standing":
            return _with(rule, standing=Standing(value))
        case "unread":
            earlier = announcements.by_id(visit, value).id
            return _with(rule, unread_of=None if rule.unread_of == earlier else earlier)
        case _:
            return _toggled(rule, _LISTS[part], int(value) if part in ("without", "cohort") else value)


def _toggled(rule: Audience, name: str, value: str | int) -> Audience:
    chosen = tuple(str(one) if isinstance(value, str) else one for one in getattr(rule, name))
    others = tuple(one for one in chosen if one != value)
    return _with(rule, **{name: others if len(others) < len(chosen) else (*chosen, value)})


def _with(rule: Audience, **values: object) -> Audience:
    """Raises `ValueError` for what no rule can hold: a forged button."""
    return Audience.model_validate(rule.model_dump() | values)


def _saved(visit: Visit, value: str) -> Audience:
    return Audience.model_validate(kept_audiences.by_id(visit, value).rule)


def forget(visit: Visit, subject: str, _version: int) -> Reply:
    """Put a kept audience away, from the list of a draft (`12-3`)."""
    number, _dash, value = subject.partition("-")
    here = f"aud-saved:{announcements.draft(visit, number).id}"
    name = kept_audiences.forget(visit, value)
    if name is None:
        return Reply(toast=_("It was changed meanwhile. Please look once more."), then=here)
    return Reply(toast=_("The audience “{name}” is kept no more.", name=name), then=here)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"aim": aim, "aud-forget": forget}
