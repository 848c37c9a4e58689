"""How meetings are named and told, the same on pages, in messages and in calendar files."""

from datetime import date

from bot.buttons import Button, look
from bot.flows.scheduling_steps import KINDS, span_words
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from bot.words import Clock, Plain, Say, ShortDay, _, _p, lines
from db.models import Meeting
from db.vocabulary import MeetingKind


def apart_line(day: date, title: str) -> Say:
    """An item that is due on another day than its stage, to stand below the stage."""
    return _("↳ {title}: until {day}", title=title, day=ShortDay(day))


def opening(meeting: Meeting) -> Button:
    """Opens a meeting from any message."""
    return look(_p("button", "🗓 Open it"), "meeting", meeting.id)


def name(work: Work, meeting: Meeting) -> Say:
    """Its own name, else its stage's, else that of its kind."""
    if meeting.title:
        return Plain(meeting.title)
    if meeting.kind is MeetingKind.BIMTEK and (stage := stage_title(work, meeting)):
        return Plain(stage)
    return KINDS[meeting.kind]


def stage_title(work: Work, meeting: Meeting) -> str:
    """The name of the stage it belongs to; empty where there is none."""
    return next((one.title for one in work.programme.edition.milestones if one.key == meeting.milestone_key), "")


def where(work: Work, meeting: Meeting) -> Say:
    """The region it is for."""
    region = work.programme.regions.by_code.get(meeting.region_code or "")
    return Plain(region.name) if region else _("all regions")


def title(work: Work, meeting: Meeting) -> Say:
    """What and for whom, as its name elsewhere."""
    return _("{name} · {where}", name=name(work, meeting), where=where(work, meeting))


def heading(work: Work, meeting: Meeting) -> Say:
    """What and for whom, in one line."""
    return _("🗓 <b>{name}</b> · {where}", name=name(work, meeting), where=where(work, meeting))


def zone(work: Work, meeting: Meeting) -> str:
    """The zone in which its hours are named: the region's; WIB for all regions."""
    region = work.programme.regions.by_code.get(meeting.region_code or "")
    return region.timezone if region else DEFAULT_ZONE


def when(work: Work, meeting: Meeting, own_zone: str) -> Say:
    """From when until when: where it takes place, and where the reader is if the clock shows another hour there."""
    there = zone(work, meeting)
    hours = _("🕘 {span}", span=span_words(meeting.starts_at, meeting.ends_at, there))
    if own_zone == there:
        return hours
    own = _(
        "   that is {start} to {end}", start=Clock(meeting.starts_at, own_zone), end=Clock(meeting.ends_at, own_zone)
    )
    return lines(hours, own)


def facts(work: Work, meeting: Meeting, own_zone: str) -> Say:
    """When, where and who goes there."""
    mentor = work.person(meeting.mentor_id).name if meeting.mentor_id else None
    return lines(
        when(work, meeting, own_zone),
        _("📍 {place}", place=meeting.place) if meeting.place else None,
        _("🔗 {link}", link=meeting.link) if meeting.link else None,
        None if meeting.place or meeting.link else _("📍 The place is not known yet."),
        _("👤 {name} goes there", name=mentor) if mentor else None,
        _("🗒 {note}", note=meeting.note) if meeting.note else None,
    )
