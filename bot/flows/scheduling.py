"""Scheduling a meeting: what, for whom, from when until when, where, and who goes there; and changing a field of it."""

from typing import Annotated

from pydantic import Field as Choose
from pydantic import TypeAdapter

from bot.flows.scheduling_steps import (
    NOTE_LIMIT,
    TITLE_LIMIT,
    Aim,
    Aiming,
    ChangeMeeting,
    Changing,
    Checking,
    ChoosingSort,
    Colleague,
    Draft,
    Ending,
    FindPlaces,
    Host,
    Locating,
    ReadEnd,
    ReadPlace,
    ReadStart,
    ScheduleMeeting,
    Sending,
    Sort,
    Span,
    Starting,
    Step,
    Writing,
    span_words,
)
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, Told, Turn, Wrote, again
from bot.words import Moment, Plain, Say, _, _n, _p, lines, listed, paragraphs

Scheduling = Annotated[Step, Choose(discriminator="step")]
_SHOWN = 6


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads while a meeting is scheduled or changed."""
    match state, event:
        case Changing(), _:
            return _changing(state, event)
        case Writing(), _:
            return _writing(state, event)
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was scheduled."), then="agenda")
        case ((ChoosingSort() | Aiming()), _):
            return _aiming(state, event)
        case ((Starting() | Ending()), _):
            return _timing(state, event)
        case _:
            return _completing(state, event)


# --- What, and for whom


def begin(host: Host) -> Step:
    """The first step; with one sort only there is nothing to choose."""
    return ChoosingSort(host=host) if len(host.sorts) != 1 else Aiming(host=host, sort=host.sorts[0])


def _aiming(state: ChoosingSort | Aiming, event: Event) -> Turn[Step]:
    sorts = {one.value: one for one in state.host.sorts}
    match state, event:
        case ChoosingSort(), Pressed("sort", value) if value in sorts:
            return Turn(Aiming(host=state.host, sort=sorts[value]))
        case Aiming(), Pressed("everywhere") if state.host.everywhere:
            return Turn(Starting(aim=Aim(sort=state.sort, regions=())))
        case Aiming(), Pressed("region", code) if code in dict(state.host.places):
            return Turn(state, wishes=(FindPlaces(state.sort, code),))
        case Aiming(), Wrote(text=typed) if typed.strip():
            return Turn(state, wishes=(FindPlaces(state.sort, typed),))
        case Aiming(), Told("places", (codes, names, mentors)):
            known = tuple(Colleague(person_id=number, name=name) for number, name in mentors)
            return Turn(Starting(aim=Aim(sort=state.sort, regions=codes, names=names, mentors=known)))
        case ChoosingSort(), _:
            return again(state, _("Please choose with a button what is to be scheduled."))
        case _:
            return again(state, _("Please write the name of a region, or choose with a button."))


# --- When


def _timing(state: Starting | Ending, event: Event) -> Turn[Step]:
    match state, event:
        case Starting(), Wrote(text=typed) if typed.strip():
            return Turn(state, wishes=(ReadStart(state.aim, typed),))
        case Starting(), Told("starts", (starts, ends, zone, local)):
            span = Span(starts_at=starts, ends_at=ends or starts, zone=zone, local=local)
            return _located(state.aim, span) if ends else Turn(Ending(aim=state.aim, span=span))
        case Ending(), Wrote(text=typed) if typed.strip():
            return Turn(state, wishes=(ReadEnd(state.aim, state.span, typed),))
        case Ending(), Pressed("hours", count) if count in _HOURS:
            return Turn(state, wishes=(ReadEnd(state.aim, state.span, f"{count} jam"),))
        case Ending(), Told("ends", (ends,)):
            return _located(state.aim, state.span.model_copy(update={"ends_at": ends}))
        case _:
            return again(state, _("Please write it as a text, as in the example."))


def _located(aim: Aim, span: Span) -> Turn[Step]:
    return Turn(Locating(draft=Draft(aim=aim, span=span)))


_HOURS = ("1", "2", "3", "7")


# --- Where, who, and the check


def _completing(state: Step, event: Event) -> Turn[Step]:
    match state, event:
        case Locating(), Wrote(text=typed) if typed.strip():
            return Turn(state, wishes=(ReadPlace(typed),))
        case Locating(draft=draft), Told("place", (place, link)):
            return _placed(draft, place=place, link=link)
        case Locating(draft=draft), Pressed("unknown"):
            return _placed(draft)
        case Sending(draft=draft), Pressed("mentor", value):
            return _sent(state, draft, value)
        case Checking(draft=draft), Pressed("title" | "note" as field):
            return Turn(Writing(draft=draft, field=field))
        case Checking(draft=draft), Pressed("schedule"):
            return Turn(state, wishes=(ScheduleMeeting(draft),))
        case Checking(), Told("scheduled", (screen, count)):
            return Turn(None, _n("It is scheduled.", "{count} are scheduled.", count), then=screen)
        case Locating(), _:
            return again(state, _("Please write the place, the link, or both."))
        case _:
            return again(state, _("Please choose with a button."))


def _placed(draft: Draft, **values: str) -> Turn[Step]:
    known = draft.model_copy(update=values)
    return Turn(Sending(draft=known) if known.aim.mentors else Checking(draft=known))


def _sent(state: Sending, draft: Draft, value: str) -> Turn[Step]:
    if value == "0":
        return Turn(Checking(draft=draft))
    goes = next((one for one in draft.aim.mentors if str(one.person_id) == value), None)
    return Turn(Checking(draft=draft.model_copy(update={"mentor": goes}))) if goes else again(state)


def _writing(state: Writing, event: Event) -> Turn[Step]:
    match event:
        case Pressed("cancel"):
            return Turn(Checking(draft=state.draft))
        case Wrote(text=typed) if any(map(str.isalnum, typed)):
            limit = TITLE_LIMIT if state.field == "title" else NOTE_LIMIT
            if len(typed) > limit:
                return again(state, _("Please keep it shorter: at most {limit} characters.", limit=limit))
            return Turn(Checking(draft=state.draft.model_copy(update={state.field: typed.strip()})))
        case _:
            return again(state, _("Please write it as a text."))


def _changing(state: Changing, event: Event) -> Turn[Step]:
    page = f"meeting:{state.meeting_id}"
    match event:
        case Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=page)
        case Pressed("empty") if state.field in _MAY_BE_EMPTY:
            typed = ""
        case Wrote(text=typed) if typed.strip():
            pass
        case _:
            return again(state, _("Please write it as a text."))
    wish = ChangeMeeting(state.meeting_id, state.version, state.field, typed)
    return Turn(None, wishes=(wish,), then=page)


_MAY_BE_EMPTY = frozenset({"title", "place", "note"})


# --- What is asked

CANCEL = Choice(_p("button", "Cancel"), "cancel")


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case ChoosingSort(host=host):
            rows = tuple((Choice(one.name, "sort", one.value),) for one in host.sorts)
            return Question(_("🗓 <b>New meeting</b>\nWhat is to be scheduled?"), (*rows, (CANCEL,)))
        case Aiming():
            return _aiming_question(state)
        case Starting(aim=aim):
            return Question(paragraphs(_heading(aim), _WHEN, _OWN_HOUR if len(aim.regions) > 1 else None), ((CANCEL,),))
        case Ending(aim=aim, span=span):
            return _ending_question(aim, span)
        case Changing():
            return _changing_question(state)
        case Writing():
            asked = _("Which name should it have?") if state.field == "title" else _("What should those who come know?")
            return Question(paragraphs(_heading(state.draft.aim), asked), ((CANCEL,),))
        case Locating(draft=draft):
            return Question(
                paragraphs(_heading(draft.aim), _when(draft.span), _WHERE),
                ((Choice(_p("button", "Not known yet"), "unknown"), CANCEL),),
            )
        case Sending(draft=draft):
            return _sending_question(draft)
        case Checking(draft=draft):
            return _checking_question(draft)


_WHEN = _(
    "When does it begin? Day and hour, for example: <b>28 November 09.00</b>, or with its end: 28 November 09.00-12.00"
)
_OWN_HOUR = _("The hour is each region's own. For one moment in all of them, write the zone too: 09.00 WIB.")
_WHERE = _("Where does it take place? A place, a link that begins with https://, or both in one message.")


def _heading(aim: Aim) -> Say:
    return _("🗓 <b>{name}</b> · {where}", name=aim.sort.name, where=_where(aim))


def _where(aim: Aim) -> Say:
    if not aim.regions:
        return _("all regions")
    more = len(aim.names) - _SHOWN
    shown: list[Say] = [Plain(name) for name in aim.names[:_SHOWN]]
    return listed([*shown, _n("{count} other region", "{count} other regions", more)] if more > 0 else shown)


def _when(span: Span) -> Say:
    hours = span_words(span.starts_at, span.ends_at, span.zone)
    if span.local:
        return _("🕘 {span}, and at the same hour in each other zone", span=hours)
    return _("🕘 {span}", span=hours)


def _aiming_question(state: Aiming) -> Question:
    text = paragraphs(
        _("🗓 <b>{name}</b>", name=state.sort.name),
        _("For which region? Please write its name. Several are separated by commas; “provinsi …” means its regions."),
    )
    places = tuple((Choice(Plain(name), "region", code),) for code, name in state.host.places)
    everywhere = (Choice(_p("button", "All regions"), "everywhere"),) if state.host.everywhere else ()
    return Question(text, (*places, (*everywhere, CANCEL)))


def _ending_question(aim: Aim, span: Span) -> Question:
    text = paragraphs(
        _heading(aim),
        _("It begins on {start}.", start=Moment(span.starts_at, span.zone)),
        _("Until when? For example: <b>12.00</b>, <b>2 jam</b>, or on another day: <b>29 November 15.00</b>"),
    )
    hours = tuple(Choice(_n("{count} hour", "{count} hours", int(count)), "hours", count) for count in _HOURS)
    return Question(text, (hours[:2], hours[2:], (CANCEL,)))


def _sending_question(draft: Draft) -> Question:
    rows = tuple((Choice(Plain(one.name), "mentor", str(one.person_id)),) for one in draft.aim.mentors)
    nobody = Choice(_p("button", "Nobody"), "mentor", "0")
    return Question(paragraphs(_heading(draft.aim), _("Which mentor goes there?")), (*rows, (nobody, CANCEL)))


def _checking_question(draft: Draft) -> Question:
    text = paragraphs(
        _heading(draft.aim),
        lines(
            _("<b>{title}</b>", title=draft.title) if draft.title else None,
            _when(draft.span),
            _("📍 {place}", place=draft.place) if draft.place else None,
            _("🔗 {link}", link=draft.link) if draft.link else None,
            _("👤 {name} goes there", name=draft.mentor.name) if draft.mentor else None,
            _("🗒 {note}", note=draft.note) if draft.note else None,
        ),
        _outputs(draft.aim.sort),
        _("Those concerned are told ten minutes after the last word; until then everything can still be changed."),
    )
    schedule = Choice(_scheduling(len(draft.aim.regions)), "schedule")
    fields = (Choice(_p("button", "🏷 Name"), "title"), Choice(_p("button", "🗒 Note"), "note"))
    return Question(text, ((schedule,), fields, (CANCEL,)))


def _scheduling(count: int) -> Say:
    if count < 2:
        return _p("button", "✅ Schedule it")
    return _p("button", "✅ Schedule {count}", count=count)


def _outputs(sort: Sort) -> Say | None:
    if not sort.outputs:
        return None
    return lines(_("What it must lead to:"), *(_("• {title}", title=one) for one in sort.outputs))


def _changing_question(state: Changing) -> Question:
    text = paragraphs(
        _ASKED[state.field], _("It is now: <b>{present}</b>", present=state.present) if state.present else None
    )
    empty = (Choice(_p("button", "Leave it empty"), "empty"),) if state.field in _MAY_BE_EMPTY else ()
    return Question(text, ((*empty, CANCEL),))


_ASKED: dict[str, Say] = {
    "title": _("Which name should it have?"),
    "when": _("When does it begin now? Its length stays, unless the end is named too. For example: 28 November 09.00"),
    "end": _("Until when? For example: 12.00, 2 jam, or 29 November 15.00"),
    "place": _WHERE,
    "note": _("What should those who come know?"),
    "cancel": _("Why does it not take place? Everybody concerned reads the reason."),
}


FLOW: Flow[Step] = Flow(
    name="schedule",
    title=_("Meeting"),
    states=TypeAdapter(Scheduling),
    advance=advance,
    question=question,
)
