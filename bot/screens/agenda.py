"""The schedule: a week at a time, and a page for each meeting."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from bot.buttons import Button, Row, do, look, pairs
from bot.program.model import Milestone
from bot.screens.attendance import code_of, doors
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import gatherings, meeting_answers, meeting_letters, meeting_words, meetings, scheduling
from bot.services.deadlines import items_apart, stage_due
from bot.services.gatherings import Gathering
from bot.services.item_words import symbol
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut, zone_label
from bot.words import Clock, Day, Moment, Plain, Say, ShortDay, _, _n, _p, lines, paragraphs
from db.models import Meeting

TITLE = _("Agenda")
WEEK = timedelta(days=7)
# Weeks that can be turned to, back and forth.
_FURTHEST = 60
_NAMES = 30


def opening(visit: Visit) -> Button:
    """To the agenda, with the day of what comes next."""
    found = meetings.coming(visit)
    if found is None:
        return look(_p("button", "📆 Agenda"), "agenda")
    return look(_p("button", "📆 Agenda ({day})", day=ShortDay(visit.local(found.starts_at))), "agenda")


# --- A week


def agenda(visit: Visit, week: str = "0", number: str = "0") -> Screen:
    """What takes place in a week, day by day, in the person's zone. `week` counts from the present one."""
    visit.require(Act.SEE_AGENDA)
    ahead = max(-_FURTHEST, min(_FURTHEST, int(week)))
    monday = meetings.monday(visit.today) + ahead * WEEK
    found = meetings.between(visit, _midnight(visit, monday), _midnight(visit, monday + WEEK))
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _heading(ahead, monday),
        *_days(visit, shown, page * PAGE),
        None if found else _nothing(visit),
        _deadlines(visit, monday),
        _("<i>Hours in {zone}.</i>", zone=zone_label(visit.zone)) if found else None,
    )
    numbers = [look(Plain(str(place)), "meeting", one.id) for place, one in enumerate(shown, page * PAGE + 1)]
    rows = (*pairs(numbers, 4), *pager(f"agenda:{ahead}", page, len(found)), *_ways(visit, ahead, bool(found)))
    return Screen(text, rows, (TITLE,), "home")


def _midnight(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(visit.zone)).astimezone(UTC)


def _heading(ahead: int, monday: date) -> Say:
    if ahead == 0:
        return _("📆 <b>This week</b>")
    if ahead == 1:
        return _("📆 <b>Next week</b>")
    return _("📆 <b>The week from {day}</b>", day=Day(monday))


def _days(visit: Visit, shown: Sequence[Meeting], before: int) -> Iterator[Say]:
    """One paragraph a day; what began earlier stands under its own day."""
    told: list[Say] = []
    for place, one in enumerate(shown, before + 1):
        day = visit.local(one.starts_at)
        if told and day != visit.local(shown[place - before - 2].starts_at):
            yield lines(*told)
            told = []
        if not told:
            told.append(_("<b>{day}</b>", day=Day(day)))
        told.append(_line(visit, place, one))
    if told:
        yield lines(*told)


def _line(visit: Visit, place: int, one: Meeting) -> Say:
    work = visit.work
    name, where = meeting_words.name(work, one), meeting_words.where(work, one)
    if one.cancelled_at is not None:
        return _("{place}. ⛔ {name} · {where}: cancelled", place=place, name=name, where=where)
    begins, ends = Clock(one.starts_at, visit.zone), Clock(one.ends_at, visit.zone)
    if visit.local(one.starts_at) == visit.local(one.ends_at):
        return _(
            "{place}. {begins} to {ends}: {name} · {where}",
            place=place,
            begins=begins,
            ends=ends,
            name=name,
            where=where,
        )
    last = ShortDay(visit.local(one.ends_at))
    return _(
        "{place}. {begins}, until {last}: {name} · {where}",
        place=place,
        begins=begins,
        last=last,
        name=name,
        where=where,
    )


def _nothing(visit: Visit) -> Say:
    following = meetings.coming(visit)
    if following is None:
        return _("Nothing is planned. As soon as a coordinator schedules something, it stands here.")
    work = visit.work
    return _(
        "Nothing takes place in this week. Next: {name} · {where}, {moment}",
        name=meeting_words.name(work, following),
        where=meeting_words.where(work, following),
        moment=Moment(following.starts_at, visit.zone),
    )


def _deadlines(visit: Visit, monday: date) -> Say | None:
    """The own region's stages that end in this week, and items that do so apart from their stage."""
    region = visit.region
    if region is None or not _has_deadlines(visit):
        return None
    due = (one for stage in visit.work.programme.edition.milestones for one in _due(visit, region.code, stage))
    told = [line for day, _title, line in sorted(due, key=itemgetter(0, 1)) if monday <= day < monday + WEEK]
    return lines(_("<b>Deadlines of this week</b>"), *told) if told else None


def _due(visit: Visit, region_code: str, stage: Milestone) -> Iterator[tuple[date, str, Say]]:
    """A stage with what an extension gives another day below it; each of these again at its own day."""
    day = stage_due(visit.work, region_code, stage.key, visit.member.id).day
    apart = items_apart(visit.work, region_code, stage.key, visit.member.id)
    below = [meeting_words.apart_line(*one) for one in apart]
    yield day, stage.title, lines(_("⏳ {day}: {title}", day=Day(day), title=stage.title), *below)
    for own, title in apart:
        yield own, title, _("⏳ {day}: {title}", day=Day(own), title=title)


def _ways(visit: Visit, ahead: int, is_filled: bool) -> tuple[Row, ...]:
    before = look(_p("button", "◀ Week before"), "agenda", max(-_FURTHEST, ahead - 1))
    after = look(_p("button", "Week after ▶"), "agenda", min(_FURTHEST, ahead + 1))
    has_any = is_filled or _has_deadlines(visit) or meetings.coming(visit) is not None
    save = ((do(_p("button", "📆 Save to calendar"), "calendar", "all"),),) if has_any else ()
    new = ((do(_p("button", "🗓 Schedule"), "schedule", 0),),) if meetings.may_schedule(visit) else ()
    return ((before, after), *save, *new)


def _has_deadlines(visit: Visit) -> bool:
    """Whether the deadlines of the own region are this person's to see."""
    return visit.region is not None and visit.may(Act.SEE_REGION, Place(visit.region.code))


# --- A meeting


def meeting(visit: Visit, meeting_id: str) -> Screen:
    """When, where, who goes there, what it must lead to, and what proves it."""
    found = meetings.by_id(visit, meeting_id)
    session = gatherings.of_meeting(visit.work, found)
    text = paragraphs(
        lines(meeting_words.heading(visit.work, found), _stage(visit, found)),
        _state(visit, found),
        meeting_words.facts(visit.work, found, visit.zone),
        _coming(visit, found),
        _check_in(visit, found, session),
        _outputs(visit, found),
        _untold(visit, found),
    )
    rows = (*_rows(visit, found), *_changing(visit, found, session))
    return Screen(text, rows, (TITLE,), f"agenda:{meetings.week_of(visit, found.starts_at)}")


def _stage(visit: Visit, found: Meeting) -> Say | None:
    """Its stage, where that is not its name already."""
    title = meeting_words.stage_title(visit.work, found)
    return (
        _("<i>Milestone: {title}</i>", title=title)
        if title and meeting_words.name(visit.work, found) != Plain(title)
        else None
    )


def _state(visit: Visit, found: Meeting) -> Say | None:
    if found.cancelled_at is not None:
        return _("⛔ <b>Cancelled:</b> {reason}", reason=found.cancelled_why)
    return _("✔️ It is over.") if found.ends_at <= visit.work.now else None


def _coming(visit: Visit, found: Meeting) -> Say | None:
    if found.cancelled_at is not None:
        return None
    said = [comes for _person, comes in meeting_answers.answers(visit, found)]
    own = meeting_answers.answer_of(visit, found)
    counts = (
        _("🙋 {coming} come, {staying} cannot.", coming=said.count(True), staying=said.count(False)) if said else None
    )
    if own is None:
        return counts
    return lines(counts, _("Your answer: you come.") if own else _("Your answer: you cannot come."))


def _check_in(visit: Visit, found: Meeting, session: Gathering) -> Say | None:
    """How many were there, for whoever may see the team; the code, for whoever holds it."""
    here = gatherings.count(visit.work, session) if visit.may(Act.SEE_TEAM, Place(found.region_code)) else 0
    open_now = found.cancelled_at is None and meetings.may_change(visit, found)
    told = [_("🎟 checked in: {count}", count=here) if here else None, code_of(session) if open_now else None]
    return lines(*told) if any(told) else None


def _outputs(visit: Visit, found: Meeting) -> Say | None:
    must = meetings.outputs(visit.work, found)
    rows = meetings.standing(visit, found) if must else {}
    told = [
        _("{symbol} {title}", symbol=symbol(rows[one.key]) if one.key in rows else "•", title=one.title) for one in must
    ]
    return lines(_("<b>What it must lead to</b>"), *told) if told else None


def _untold(visit: Visit, found: Meeting) -> Say | None:
    """For whoever can change it: that those concerned do not know it yet."""
    if found.tell_at is None or not meetings.may_change(visit, found):
        return None
    return _(
        "<i>Those concerned hear of this at {moment}; until then changes cost no message.</i>",
        moment=Clock(found.tell_at, visit.zone),
    )


def _rows(visit: Visit, found: Meeting) -> tuple[Row, ...]:
    rows: list[Row] = []
    open_now = found.cancelled_at is None and found.ends_at > visit.work.now
    if found.link and open_now:
        rows.append((Button(_p("button", "🔗 Open the link"), url=found.link),))
    if open_now:
        rows.append(meeting_letters.asking(found))
    rows += [*_evidence(visit, found), *_people(visit, found)]
    rows.append((do(_p("button", "📆 Save to calendar"), "calendar", found.id),))
    return tuple(rows)


def _evidence(visit: Visit, found: Meeting) -> Iterator[Row]:
    """The items that its attendance list and minutes prove, once it has begun; and all items of its stage."""
    if found.starts_at <= visit.work.now and found.cancelled_at is None:
        for row in meetings.records(visit, found):
            known = visit.work.programme.edition.item(row.key)
            yield (look(_p("button", "📝 {title}", title=Plain(cut(known.title, 30))), "item-id", row.id),)
    code = meetings.region_of(visit, found)
    if code and any(one.key in meetings.standing(visit, found) for one in meetings.outputs(visit.work, found)):
        yield (look(_p("button", "🗂 Items of the stage"), "stage", found.milestone_key, 0, code),)


def _people(visit: Visit, found: Meeting) -> Iterator[Row]:
    count = len(meeting_answers.answers(visit, found))
    if count:
        yield (look(_p("button", "👥 Who comes ({count})", count=count), "meeting-people", found.id),)
    if found.cancelled_at is None and visit.may(Act.SEE_TEAM, Place(found.region_code)):
        yield (do(_p("button", "📊 List (Excel)"), "export", f"meeting-{found.id}"),)


def _changing(visit: Visit, found: Meeting, session: Gathering) -> tuple[Row, ...]:
    if not meetings.may_change(visit, found):
        return ()
    if found.cancelled_at is not None:
        return ((do(_p("button", "↩️ It takes place"), "meet-back", found.id, found.version),),)
    return (
        doors(session, visit.work.now),
        (_field(found, _p("button", "🕘 Move"), "when"), look(_p("button", "✏️ Change"), "meeting-change", found.id)),
    )


def _field(found: Meeting, label: Say, name: str) -> Button:
    return do(label, "meet-change", f"{found.id}-{name}", found.version)


def changing(visit: Visit, meeting_id: str) -> Screen:
    """Everything that can be changed of one."""
    found = meetings.by_id(visit, meeting_id)
    if not meetings.may_change(visit, found) or found.cancelled_at is not None:
        return meeting(visit, meeting_id)
    text = paragraphs(
        meeting_words.heading(visit.work, found),
        meeting_words.facts(visit.work, found, visit.zone),
        _untold(visit, found) or _("<i>Those concerned hear of a change ten minutes after the last word.</i>"),
    )
    fields = (
        _field(found, _p("button", "🕘 Move"), "when"),
        _field(found, _p("button", "⌛ End"), "end"),
        _field(found, _p("button", "📍 Place, link"), "place"),
        _field(found, _p("button", "🏷 Name"), "title"),
        _field(found, _p("button", "🗒 Note"), "note"),
        *_mentor(visit, found),
    )
    cancel = (_field(found, _p("button", "❌ Cancel the meeting"), "cancel"),)
    return Screen(text, (*pairs(list(fields)), cancel), (TITLE,), f"meeting:{found.id}")


def _mentor(visit: Visit, found: Meeting) -> tuple[Button, ...]:
    if not visit.may(Act.SCHEDULE_MEETING, Place(found.region_code)):
        return ()
    return (look(_p("button", "👤 Mentor"), "meeting-mentor", found.id),)


def mentor(visit: Visit, meeting_id: str) -> Screen:
    """Which mentor goes there."""
    found = meetings.by_id(visit, meeting_id)
    visit.require(Act.SCHEDULE_MEETING, Place(found.region_code))
    everybody = scheduling.mentors_of(visit.work, found.region_code)
    rows = [
        (
            do(
                Plain(f"{'🔘' if one.id == found.mentor_id else '⚪'} {cut(one.name, 34)}"),
                "meet-send",
                f"{found.id}-{one.id}",
                found.version,
            ),
        )
        for one in everybody
    ]
    nobody = (do(_p("button", "Nobody"), "meet-send", f"{found.id}-0", found.version),)
    text = paragraphs(
        meeting_words.heading(visit.work, found),
        _("Which mentor goes there?") if everybody else _("No mentor looks after this region yet."),
    )
    return Screen(text, (*rows, nobody), (TITLE,), f"meeting-change:{found.id}")


def people(visit: Visit, meeting_id: str, number: str = "0") -> Screen:
    """Who has answered, those who come first."""
    found = meetings.by_id(visit, meeting_id)
    said = meeting_answers.answers(visit, found)
    page = page_of(number, len(said), _NAMES)
    told = [
        _("🙋 {name}", name=person.name) if comes else _("🙅 {name}", name=person.name)
        for person, comes in said[page * _NAMES : (page + 1) * _NAMES]
    ]
    text = paragraphs(
        meeting_words.heading(visit.work, found),
        _n("{count} answer", "{count} answers", len(said)),
        lines(*told) if told else _("Nobody has answered yet."),
    )
    return Screen(text, pager(f"meeting-people:{found.id}", page, len(said), _NAMES), (TITLE,), f"meeting:{found.id}")


SCREENS: Mapping[str, Draw] = {
    "agenda": agenda,
    "meeting": meeting,
    "meeting-change": changing,
    "meeting-mentor": mentor,
    "meeting-people": people,
}
