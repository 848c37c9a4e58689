"""Home: what is due, what waits for me, and how long it is to the closing."""

from collections.abc import Mapping

from bot.buttons import Button, Row, do, look, row_number
from bot.flows.roles import ROLE_NAMES
from bot.program.regions import Region
from bot.screens import agenda, extensions, knowledge, leading, my_announcements, own_reminders, queue, stopping
from bot.screens.screen import Draw, Screen
from bot.screens.welcome import welcome
from bot.services import announcements, closing, drafts, items, progress, questions, requests, review_queue
from bot.services.deadlines import due_of
from bot.services.item_words import due_words
from bot.services.items import title
from bot.services.leading import may_appoint
from bot.services.queue import turn
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.vocabulary import REGION_ROLES, AnnouncementState, Role


def home(visit: Visit) -> Screen:
    """The first screen, made for the seat."""
    if visit.seat is None:
        return welcome(visit)
    match visit.seat.role:
        case Role.OFFICIAL | Role.LEAD | Role.CONTRIBUTOR:
            return _region_home(visit)
        case Role.MENTOR:
            return _mentor_home(visit)
        case _:
            return _coordinator_home(visit)


def _greeting(visit: Visit) -> Say:
    return _("<b>{name}</b>", name=visit.member.name)


def _heading(visit: Visit, where: Say | None) -> Say:
    role = ROLE_NAMES[visit.seat.role] if visit.seat else None
    who = _("{role} · {where}", role=role, where=where) if role and where else role
    return lines(_greeting(visit), who)


def _region_home(visit: Visit) -> Screen:
    region = visit.region
    if region is None:
        return welcome(visit)
    if visit.seat is not None and visit.seat.role is Role.CONTRIBUTOR:
        return _contributor_home(visit, region)
    now = progress.of_region(visit.work, region.code)
    text = paragraphs(
        _heading(visit, Plain(region.name)),
        closing.countdown(visit.work),
        _standing(now),
        _next(visit, now),
    )
    tasks = look(_p("button", "📌 My tasks"), "tasks")
    rows: list[Row] = [
        (tasks, look(_p("button", "🗂 Milestones"), "stages")),
        _asking(visit),
        (look(_p("button", "📊 Progress"), "progress"), _drafts(visit, region.code)),
    ]
    team = (look(_p("button", "👥 Team"), "team"),) if visit.may(Act.SEE_TEAM, Place(region.code)) else ()
    rows.append((*team, look(_p("button", "⚙️ Settings"), "settings")))
    rows += [(agenda.opening(visit), my_announcements.opening(visit)), (knowledge.OPEN,)]
    return Screen(text, (*rows, *_switch(visit), (own_reminders.OPEN, look(_p("button", "❔ Help"), "help"))))


def _contributor_home(visit: Visit, region: Region) -> Screen:
    """Only what is delegated to the seat: the region's own numbers are not for every agency."""
    entrusted = items.entrusted(visit)
    waiting = [item for item in entrusted if items.is_open(visit, item, visit.work.now)]
    count = _n("📌 {count} item waits for you.", "📌 {count} items wait for you.", len(waiting))
    text = paragraphs(
        _heading(visit, Plain(region.name)),
        closing.countdown(visit.work),
        count if waiting else _("Nothing waits for you. 👍") if entrusted else _NOTHING_ENTRUSTED,
    )
    rows: tuple[Row, ...] = (
        (look(_p("button", "📌 My tasks"), "tasks"), _drafts(visit, region.code)),
        _asking(visit),
        (look(_p("button", "🗂 Milestones"), "stages"), own_reminders.OPEN),
        (agenda.opening(visit), my_announcements.opening(visit)),
        (knowledge.OPEN,),
        (look(_p("button", "⚙️ Settings"), "settings"), look(_p("button", "❔ Help"), "help")),
    )
    return Screen(text, (*rows, *_switch(visit)))


_NOTHING_ENTRUSTED = _("No item is entrusted to you yet. The team lead can entrust one.")


def _asking(visit: Visit) -> Row:
    """To ask, and to what was asked; the number is what has no answer yet."""
    count = questions.count_open(visit.work, visit.member.id)
    label = _p("button", "💬 Questions ({count})", count=count) if count else _p("button", "💬 My questions")
    return (do(_p("button", "❓ Ask the mentors"), "ask", 0), look(label, "questions"))


def _drafts(visit: Visit, region_code: str) -> Button:
    count = len(drafts.drafted(visit, region_code))
    return look(_p("button", "📎 Drafts ({count})", count=count) if count else _p("button", "📎 Drafts"), "drafts")


def _standing(now: progress.Progress) -> Say:
    return lines(
        _(
            "Accepted: <b>{accepted} of {mandatory}</b> mandatory items ({percent}%)",
            accepted=now.accepted,
            mandatory=now.mandatory,
            percent=now.completeness,
        ),
        _n("⚠️ {count} mandatory item is late.", "⚠️ {count} mandatory items are late.", now.late) if now.late else None,
    )


def _next(visit: Visit, now: progress.Progress) -> Say | None:
    if now.next_item is None:
        return None
    return lines(
        _("Next deadline:"),
        _("<b>{title}</b>", title=title(visit.work, now.next_item)),
        due_words(visit.work, now.region.code, due_of(visit.work, now.region.code, now.next_item.key, visit.member.id)),
    )


def _mentor_home(visit: Visit) -> Screen:
    count = len(review_queue.waiting(visit))
    waiting = _n("📥 {count} submission waits for your review.", "📥 {count} submissions wait for your review.", count)
    nothing = _("Nothing waits for your review. 👍")
    text = paragraphs(
        _heading(visit, _("leads the mentors") if visit.seat and visit.seat.leads_mentors else None),
        closing.countdown(visit.work),
        lines(queue.waiting_words(visit), waiting if count else nothing),
    )
    rows: tuple[Row, ...] = (
        queue.home_row(visit),
        (look(_p("button", "📥 Review"), "reviews"), look(_p("button", "🗺 Regions"), "regions")),
        (look(_p("button", "📈 Statistics"), "statistics"), look(_p("button", "🌴 Absence"), "absences")),
        (agenda.opening(visit), my_announcements.opening(visit)),
        (knowledge.OPEN,),
        (look(_p("button", "⚙️ Settings"), "settings"), look(_p("button", "❔ Help"), "help")),
    )
    return Screen(text, (*rows, *_switch(visit)))


def _coordinator_home(visit: Visit) -> Screen:
    has_questions = visit.may(Act.SEE_QUEUE) and bool(turn(visit))
    asked = len(requests.pending(visit)) if visit.may(Act.DECIDE_REQUEST) else 0
    count = len(review_queue.waiting(visit)) if visit.may(Act.REVIEW_ITEM) else 0
    text = paragraphs(
        _heading(visit, None),
        stopping.banner(visit),
        closing.countdown(visit.work),
        lines(
            _n("🗺 {count} region takes part.", "🗺 {count} regions take part.", len(progress.participants(visit.work))),
            _n("🙋 {count} request for access waits.", "🙋 {count} requests for access wait.", asked)
            if asked
            else None,
            extensions.waiting_words(visit),
            _paused(visit),
            queue.waiting_words(visit) if has_questions else None,
            _n("📥 {count} submission waits for you.", "📥 {count} submissions wait for you.", count)
            if count
            else None,
        ),
    )
    return Screen(text, (*_coordinator_rows(visit), *_switch(visit)))


def _paused(visit: Visit) -> Say | None:
    """Announcements that go no further until a coordinator says so, as after a restore."""
    if not visit.may(Act.ANNOUNCE):
        return None
    count = len(announcements.of_edition(visit, [AnnouncementState.PAUSED]))
    return _n("⏸ {count} announcement is paused.", "⏸ {count} announcements are paused.", count) if count else None


def _coordinator_rows(visit: Visit) -> tuple[Row, ...]:
    regions = look(_p("button", "🗺 Regions"), "regions")
    review = (look(_p("button", "📥 Review"), "reviews"),) if visit.may(Act.REVIEW_ITEM) else ()
    rows: list[Row] = [(regions, *review)]
    if closing.is_over(visit.work.programme.edition, visit.work.now) and visit.may(Act.SEE_ALL_REGIONS):
        rows.append((look(_p("button", "🏁 Recap"), "recap"),))
    if visit.may(Act.SEE_QUEUE):
        rows.append(queue.home_row(visit))
    announce = (look(_p("button", "📢 Announce"), "announcements"),) if visit.may(Act.ANNOUNCE) else ()
    rows.append((*announce, my_announcements.opening(visit)))
    if visit.may(Act.INVITE_TO_PROGRAMME):
        rows.append((look(_p("button", "✉️ Invite"), "invite"), look(_p("button", "🙋 Requests"), "requests")))
    if visit.may(Act.DECIDE_EXTENSION):
        rows.append((extensions.OPEN,))
    numbers = (look(_p("button", "📈 Statistics"), "mentors"),) if visit.may(Act.CHANGE_CALENDAR) else ()
    rows.append((agenda.opening(visit), look(_p("button", "📅 Calendar"), "calendar")))
    lost = ((look(_p("button", "📵 Unreachable"), "unreachable"),),) if visit.may(Act.SEE_LOST) else ()
    mentors = (leading.OPEN,) if may_appoint(visit) else ()
    emergency = ((stopping.OPEN,),) if visit.may(Act.STOP_EVERYTHING) else ()
    settings, help_ = look(_p("button", "⚙️ Settings"), "settings"), look(_p("button", "❔ Help"), "help")
    return (*rows, *lost, (*numbers, *mentors), (knowledge.OPEN,), *emergency, (settings, help_))


def _switch(visit: Visit) -> tuple[Row, ...]:
    return ((look(_p("button", "🔀 Change seat"), "profile"),),) if len(visit.seats) > 1 else ()


def lost(visit: Visit, update_id: str = "0") -> Screen:
    """Under a message that could not be understood (the number of its update): the ways on."""
    asks = visit.region is not None and visit.may(Act.ASK, Place(visit.region.code))
    works = visit.seat is not None and visit.seat.role in REGION_ROLES
    tasks = (look(_p("button", "📌 My tasks"), "tasks"),) if works else ()
    rows: tuple[Row, ...] = (
        ((do(_p("button", "❓ Make it a question"), "question", row_number(update_id)),) if asks else ()),
        (*tasks, look(_p("button", "🏠 Home"), "home")),
        (look(_p("button", "❔ Help"), "help"),),
    )
    return Screen(_("Please choose:"), rows)


SCREENS: Mapping[str, Draw] = {"home": home, "lost": lost}
