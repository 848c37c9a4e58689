"""Everything that can be looked at, done at once, or done in steps, on one page."""

from collections.abc import Mapping
from typing import Any

from bot.flows import declaring, inviting, joining, profiling, rejecting, returning, touring, waiving, working
from bot.flows.turns import Flow, Wish
from bot.handlers.desk import Deed, Desk
from bot.screens import (
    calendar,
    checklist,
    help,  # noqa: A004 (the screen is called what people call it)
    home,
    invites,
    item,
    knowledge,
    privacy,
    profile,
    regions,
    requests,
    reviews,
    settings,
    team,
)
from bot.screens.screen import Draw
from bot.services import consent, drafts, items, people, seats, sending, submissions, undoing
from bot.services import invites as inviting_services
from bot.services import joining as joining_services
from bot.services import requests as request_services
from bot.services.conversations import Conversations, Grant
from bot.texts import Texts

FLOWS: Mapping[str, Flow[Any]] = {
    flow.FLOW.name: flow.FLOW
    for flow in (declaring, inviting, joining, profiling, rejecting, returning, touring, waiving, working)
}

GRANTS: Mapping[type[Wish], Grant] = {
    **drafts.GRANTS,
    **joining_services.GRANTS,
    **inviting_services.GRANTS,
    **request_services.GRANTS,
    **people.GRANTS,
    **consent.GRANTS,
}

SCREENS: Mapping[str, Draw] = {
    **home.SCREENS,
    **checklist.SCREENS,
    **item.SCREENS,
    **reviews.SCREENS,
    **regions.SCREENS,
    **knowledge.SCREENS,
    **calendar.SCREENS,
    **team.SCREENS,
    **invites.SCREENS,
    **requests.SCREENS,
    **profile.SCREENS,
    **settings.SCREENS,
    **privacy.SCREENS,
    **help.SCREENS,
}

DEEDS: Mapping[str, Deed] = {
    "work": drafts.work,
    "waive": drafts.waive,
    "return": drafts.hand_back,
    "declare": drafts.declare,
    "accept": submissions.accept,
    "reopen": submissions.reopen,
    "assign": items.assign,
    **undoing.DEEDS,
    "files": sending.files,
    "share": sending.share,
    **joining_services.DEEDS,
    **inviting_services.DEEDS,
    **request_services.DEEDS,
    **people.DEEDS,
    **seats.DEEDS,
}


def desk(texts: Texts) -> Desk:
    """The desk with everything on it."""
    return Desk(Conversations(FLOWS, GRANTS), SCREENS, DEEDS, texts)
