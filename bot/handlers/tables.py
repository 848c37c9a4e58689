"""Everything that can be looked at, done at once, or done in steps, on one page."""

from collections.abc import Mapping
from typing import Any

from bot.flows import (
    announcing,
    answering,
    asking,
    canning,
    declaring,
    extending,
    finding,
    grouping,
    holidaying,
    inviting,
    joining,
    leaving,
    passing,
    pausing,
    placing,
    profiling,
    publishing,
    rejecting,
    replying,
    returning,
    scheduling,
    searching,
    timing,
    touring,
    waiving,
    working,
)
from bot.flows.turns import Flow, Wish
from bot.handlers.desk import Deed, Desk
from bot.screens import (
    absences,
    again,
    agenda,
    announcement_list,
    announcements,
    attendance,
    audiences,
    calendar,
    canned,
    checklist,
    cohorts,
    extensions,
    forecast,
    help,  # noqa: A004 (the screen is called what people call it)
    home,
    invites,
    item,
    knowledge,
    leading,
    merging,
    my_announcements,
    own_reminders,
    pauses,
    privacy,
    profile,
    questions,
    queue,
    readers,
    recalling,
    recap,
    regions,
    requests,
    reviews,
    series,
    settings,
    statistics,
    stopping,
    targets,
    team,
    unreachable,
    why,
)
from bot.screens import timing as timing_page
from bot.screens.screen import Draw
from bot.services import absences as absence_services
from bot.services import (
    aiming,
    announced,
    announcement_reading,
    check_ins,
    consent,
    decree_lists,
    drafts,
    exports,
    extension_deciding,
    follow_ups,
    holidays,
    items,
    meeting_answers,
    meeting_calendar,
    moving,
    people,
    seats,
    sending,
    snoozing,
    submissions,
    timing_changes,
    trials,
    undoing,
)
from bot.services import announcements as announcement_services
from bot.services import announcing as announcing_services
from bot.services import answering as answering_services
from bot.services import articles as article_services
from bot.services import asking as asking_services
from bot.services import canned as canned_services
from bot.services import cohorts as cohort_services
from bot.services import invites as inviting_services
from bot.services import joining as joining_services
from bot.services import leading as leading_services
from bot.services import merging as merging_services
from bot.services import own_reminders as own_reminder_services
from bot.services import pauses as pause_services
from bot.services import placing as placing_services
from bot.services import reading as reading_services
from bot.services import recalling as recalling_services
from bot.services import replying as replying_services
from bot.services import requests as request_services
from bot.services import scheduling as scheduling_services
from bot.services import series as series_services
from bot.services import stopping as stopping_services
from bot.services import targets as target_services
from bot.services.conversations import Conversations, Foresight, Grant
from bot.texts import Texts

FLOWS: Mapping[str, Flow[Any]] = {
    flow.FLOW.name: flow.FLOW
    for flow in (
        announcing,
        answering,
        asking,
        canning,
        declaring,
        finding,
        extending,
        grouping,
        holidaying,
        inviting,
        joining,
        leaving,
        passing,
        pausing,
        placing,
        profiling,
        publishing,
        rejecting,
        replying,
        returning,
        scheduling,
        searching,
        timing,
        touring,
        waiving,
        working,
    )
}

GRANTS: Mapping[type[Wish], Grant] = {
    **announcement_services.GRANTS,
    **announcing_services.GRANTS,
    **announced.GRANTS,
    **moving.GRANTS,
    **recalling_services.GRANTS,
    **drafts.GRANTS,
    **extension_deciding.GRANTS,
    **placing_services.GRANTS,
    **asking_services.GRANTS,
    **replying_services.GRANTS,
    **answering_services.GRANTS,
    **canned_services.GRANTS,
    **article_services.GRANTS,
    **reading_services.GRANTS,
    **joining_services.GRANTS,
    **inviting_services.GRANTS,
    **request_services.GRANTS,
    **cohort_services.GRANTS,
    **people.GRANTS,
    **consent.GRANTS,
    **absence_services.GRANTS,
    **scheduling_services.GRANTS,
    **timing_changes.GRANTS,
    **holidays.GRANTS,
    **decree_lists.GRANTS,
    **pause_services.GRANTS,
}

FORESIGHTS: Mapping[type[Wish], Foresight] = {**drafts.FORESIGHTS}

SCREENS: Mapping[str, Draw] = {
    **home.SCREENS,
    **announcement_list.SCREENS,
    **announcements.SCREENS,
    **attendance.SCREENS,
    **readers.SCREENS,
    **recalling.SCREENS,
    **audiences.SCREENS,
    **series.SCREENS,
    **my_announcements.SCREENS,
    **questions.SCREENS,
    **merging.SCREENS,
    **queue.SCREENS,
    **canned.SCREENS,
    **checklist.SCREENS,
    **extensions.SCREENS,
    **item.SCREENS,
    **again.SCREENS,
    **reviews.SCREENS,
    **recap.SCREENS,
    **regions.SCREENS,
    **cohorts.SCREENS,
    **knowledge.SCREENS,
    **calendar.SCREENS,
    **absences.SCREENS,
    **agenda.SCREENS,
    **statistics.SCREENS,
    **targets.SCREENS,
    **timing_page.SCREENS,
    **team.SCREENS,
    **unreachable.SCREENS,
    **leading.SCREENS,
    **invites.SCREENS,
    **requests.SCREENS,
    **profile.SCREENS,
    **settings.SCREENS,
    **own_reminders.SCREENS,
    **pauses.SCREENS,
    **forecast.SCREENS,
    **why.SCREENS,
    **stopping.SCREENS,
    **privacy.SCREENS,
    **help.SCREENS,
}

DEEDS: Mapping[str, Deed] = {
    **announcement_services.DEEDS,
    **announcing_services.DEEDS,
    **announced.DEEDS,
    **moving.DEEDS,
    **recalling_services.DEEDS,
    **follow_ups.DEEDS,
    **check_ins.DEEDS,
    **announcement_reading.DEEDS,
    **aiming.DEEDS,
    **trials.DEEDS,
    **series_services.DEEDS,
    **exports.DEEDS,
    **extension_deciding.DEEDS,
    **stopping_services.DEEDS,
    **asking_services.DEEDS,
    **replying_services.DEEDS,
    **merging_services.DEEDS,
    **answering_services.DEEDS,
    **canned_services.DEEDS,
    **article_services.DEEDS,
    **reading_services.DEEDS,
    **placing_services.DEEDS,
    "waive": drafts.waive,
    "return": drafts.hand_back,
    "declare": drafts.declare,
    "accept": submissions.accept,
    "reopen": submissions.reopen,
    "assign": items.assign,
    **undoing.DEEDS,
    **snoozing.DEEDS,
    **own_reminder_services.DEEDS,
    "files": sending.files,
    "share": sending.share,
    **joining_services.DEEDS,
    **inviting_services.DEEDS,
    **request_services.DEEDS,
    **cohort_services.DEEDS,
    **people.DEEDS,
    **seats.DEEDS,
    **leading_services.DEEDS,
    **absence_services.DEEDS,
    **scheduling_services.DEEDS,
    **timing_changes.DEEDS,
    **holidays.DEEDS,
    **decree_lists.DEEDS,
    **pause_services.DEEDS,
    **meeting_answers.DEEDS,
    **meeting_calendar.DEEDS,
    "target": target_services.set_days,
}


def desk(texts: Texts) -> Desk:
    """The desk with everything on it."""
    return Desk(Conversations(FLOWS, GRANTS, FORESIGHTS), SCREENS, DEEDS, texts)
