"""The numbers of mentors: one's own for a mentor, everybody's for a coordinator. No ranking: sorted by name."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from bot.buttons import Row, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import statistics
from bot.services.rights import Act
from bot.services.statistics import Numbers
from bot.services.visits import Visit
from bot.words import Plain, Say, _, _n, lines, paragraphs
from db.vocabulary import Role

TITLE = _("Statistics")


def own(visit: Visit) -> Screen:
    """A mentor's own numbers; a coordinator sees all mentors."""
    seat = visit.require(Act.REVIEW_ITEM)
    if seat.role is not Role.MENTOR:
        return all_mentors(visit)
    numbers = statistics.of_mentor(visit.work, visit.member)
    return Screen(paragraphs(_("📈 <b>My numbers</b>"), _card(numbers)), (), (TITLE,), "home")


def all_mentors(visit: Visit, number: str = "0") -> Screen:
    """The edition together, then each mentor by name."""
    visit.require(Act.CHANGE_CALENDAR)
    mentors = statistics.by_mentor(visit.work)
    page = page_of(number, len(mentors))
    text = paragraphs(_("📈 <b>All questions and reviews</b>"), _card(statistics.of_all(visit.work)))
    rows: tuple[Row, ...] = tuple(
        (look(Plain(person.name), "mentor", person.id),)
        for person, _numbers in mentors[page * PAGE : (page + 1) * PAGE]
    )
    return Screen(text, (*rows, *pager("mentors", page, len(mentors))), (TITLE,), "home")


def mentor(visit: Visit, person_id: str) -> Screen:
    """One mentor's numbers, for coordinators."""
    visit.require(Act.CHANGE_CALENDAR)
    found = next(person for person, _numbers in statistics.by_mentor(visit.work) if str(person.id) == person_id)
    numbers = statistics.of_mentor(visit.work, found)
    return Screen(paragraphs(_("📈 <b>{name}</b>", name=found.name), _card(numbers)), (), (TITLE,), "mentors")


def _card(numbers: Numbers) -> Say:
    waiting = numbers.waiting
    return paragraphs(
        lines(
            _n("⏳ {count} question waits now", "⏳ {count} questions wait now", waiting.total),
            _(
                "up to one working day: {first} · up to three: {second} · longer: {third}",
                first=waiting.within_a_day,
                second=waiting.within_three,
                third=waiting.longer,
            )
            if waiting.total
            else None,
        ),
        lines(
            _n("💬 {count} question answered", "💬 {count} questions answered", numbers.answered),
            _("in time: {percent}%", percent=numbers.in_time_percent) if numbers.in_time_percent is not None else None,
            _("first answer, median: {span}", span=_span(numbers.first_answer)) if numbers.first_answer else None,
            _("solution, median: {span}", span=_span(numbers.solution)) if numbers.solution else None,
        ),
        _n("📥 {count} verdict on evidence", "📥 {count} verdicts on evidence", numbers.verdicts),
        _rating(numbers),
    )


def _rating(numbers: Numbers) -> Say | None:
    if numbers.rating is None:
        return None
    return _n(
        "⭐ {rating} of 5, from {count} rating",
        "⭐ {rating} of 5, from {count} ratings",
        numbers.ratings,
        rating=Decimal(numbers.rating).quantize(Decimal("0.1")),
    )


def _span(span: timedelta) -> Say:
    """Working time as people say it."""
    hours = span / timedelta(hours=1)
    if hours < 1:
        return _n("{count} minute", "{count} minutes", max(1, round(span / timedelta(minutes=1))))
    return _n("{count} working hour", "{count} working hours", round(hours))


SCREENS: Mapping[str, Draw] = {"statistics": own, "mentors": all_mentors, "mentor": mentor}
