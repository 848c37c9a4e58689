"""Building an audience with buttons: what is chosen carries its tick, and the sentence above says what it means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from bot.buttons import Button, Row, do, look, pairs
from bot.flows.roles import ROLE_NAMES
from bot.program.regions import Region
from bot.screens.announcement_list import trail
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcement_letters, announcements, audiences, cohorts, kept_audiences, reader_lists
from bot.services.audiences import Standing
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.texts.formats import ZONE_LABELS, zone_label
from bot.words import Joined, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Announcement, Participant, SavedAudience
from db.vocabulary import Role

_LABEL = 30
Choice = tuple[Say, str, bool]


def audience(visit: Visit, announcement_id: str) -> Screen:
    """Whom a draft is for: roles and zones here, everything longer on pages of its own."""
    found = announcements.draft(visit, announcement_id)
    rule = announcements.audience(found)
    roles = [_toggle(found, ROLE_NAMES[role], "role", role, role in rule.roles) for role in Role]
    zones = [_toggle(found, Plain(zone_label(zone)), "zone", zone, zone in rule.zones) for zone in ZONE_LABELS]
    quiet = _toggle(found, _p("button", "A rest of 24 hours"), "quiet", "24", bool(rule.rest_hours))
    rows = (*pairs(roles), tuple(zones), *_pages(found, rule), (quiet,), *_saved(visit, found), *_last(found))
    return Screen(_told(visit, found), rows, trail(found, _("Audience")), f"announcement:{found.id}")


def _told(visit: Visit, found: Announcement) -> Say:
    total, lost = announcements.counted(visit.work, found)
    return paragraphs(
        _("👥 <b>Audience</b>"),
        audiences.sentence(visit.work, announcements.audience(found)),
        lines(
            _n("<b>{count} person</b>", "<b>{count} persons</b>", total),
            _n("⚠️ {count} of them cannot be reached.", "⚠️ {count} of them cannot be reached.", lost) if lost else None,
        ),
    )


def _toggle(found: Announcement, label: Say, part: str, value: str, chosen: bool) -> Button:
    ticked = Joined((Plain("✅" if chosen else "⬜"), label), " ")
    return do(ticked, "aim", f"{found.id}-{part}-{value}", found.version)


def _pages(found: Announcement, rule: audiences.Audience) -> Iterable[Row]:
    def page(label: Say, screen: str) -> Button:
        return look(label, screen, found.id)

    yield (
        page(_p("button", "🗺 Provinces ({count})", count=len(rule.provinces)), "aud-provinces"),
        page(_p("button", "📍 Regions ({count})", count=len(rule.regions)), "aud-regions"),
    )
    yield (
        page(_p("button", "🏛 Fields ({count})", count=len(rule.pillars)), "aud-pillars"),
        page(_p("button", "📋 Progress"), "aud-work"),
    )
    yield (page(_p("button", "🎓 Cohorts ({count})", count=len(rule.cohorts)), "aud-cohorts"),)
    yield (
        page(_p("button", "🔕 Not confirmed"), "aud-unread"),
        page(_p("button", "🚫 Leave out ({count})", count=len(rule.without)), "aud-people"),
    )


def _saved(visit: Visit, found: Announcement) -> Iterable[Row]:
    kept = kept_audiences.of_edition(visit)
    if kept:
        yield (look(_p("button", "📂 Kept audiences ({count})", count=len(kept)), "aud-saved", found.id),)


def _last(found: Announcement) -> tuple[Row, ...]:
    keep = do(_p("button", "💾 Keep this audience"), "ann-fill", f"{found.id}-audience")
    return ((keep, do(_p("button", "🧹 Begin anew"), "aim", f"{found.id}-clear-0", found.version)),)


def _listing(
    visit: Visit, announcement_id: str, number: str, screen: str, heading: Say, choices: Sequence[Choice], part: str
) -> Screen:
    """A page of things that can be chosen."""
    found = announcements.draft(visit, announcement_id)
    page = page_of(number, len(choices))
    shown = choices[page * PAGE : (page + 1) * PAGE]
    rows = tuple((_toggle(found, label, part, value, chosen),) for label, value, chosen in shown)
    text = paragraphs(_told(visit, found), heading if choices else _("There is nothing to choose here yet."))
    more = pager(f"{screen}:{found.id}", page, len(choices))
    return Screen(text, (*rows, *more), trail(found, _("Audience"), _("Choice")), f"audience:{found.id}")


def _rule(visit: Visit, announcement_id: str) -> audiences.Audience:
    return announcements.audience(announcements.draft(visit, announcement_id))


def provinces(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """The provinces of the regions that take part."""
    rule = _rule(visit, announcement_id)
    names = {region.province_code: region.province for region in _participants(visit)}
    choices = [(Plain(cut(name, _LABEL)), code, code in rule.provinces) for code, name in sorted(names.items())]
    return _listing(visit, announcement_id, number, "aud-provinces", _("Which provinces?"), choices, "province")


def regions(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """The regions that take part."""
    rule = _rule(visit, announcement_id)
    choices = [(Plain(cut(one.name, _LABEL)), one.code, one.code in rule.regions) for one in _participants(visit)]
    return _listing(visit, announcement_id, number, "aud-regions", _("Which regions?"), choices, "region")


def _participants(visit: Visit) -> list[Region]:
    codes = select(Participant.region_code).where(Participant.edition_id == visit.work.edition_id)
    known = visit.work.programme.regions.by_code
    found = [known[code] for code in visit.work.session.scalars(codes) if code in known]
    return sorted(found, key=lambda region: region.code)


def of_cohorts(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """The cohorts that coordinators have gathered."""
    rule = _rule(visit, announcement_id)
    every = cohorts.of_edition(visit.work)
    choices = [(Plain(cut(one.name, _LABEL)), str(one.id), one.id in rule.cohorts) for one, _count in every]
    return _listing(visit, announcement_id, number, "aud-cohorts", _("Which cohorts?"), choices, "cohort")


def pillars(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """The fields of the programme."""
    rule = _rule(visit, announcement_id)
    every = visit.work.programme.edition.pillars
    choices = [(Plain(one.title), one.key, one.key in rule.pillars) for one in every]
    return _listing(visit, announcement_id, number, "aud-pillars", _("Which fields?"), choices, "pillar")


def progress(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Only regions that stand in a certain way with a stage or an item."""
    found = announcements.draft(visit, announcement_id)
    rule, edition = announcements.audience(found), visit.work.programme.edition
    stages = [stage for stage in edition.milestones if audiences.keys_of(visit.work, stage.key)]
    every = [*((f"◆ {one.title}", one.key) for one in stages), *((one.title, one.key) for one in edition.items)]
    choices = [(Plain(cut(title, _LABEL)), key, key == rule.about) for title, key in every]
    page = _listing(
        visit, announcement_id, number, "aud-work", _("Which stage (◆) or item, and how?"), choices, "about"
    )
    ways = [_toggle(found, label, "standing", one, one is rule.standing) for one, label in _STANDINGS.items()]
    return replace(page, rows=(*pairs(ways), *page.rows))


_STANDINGS: Mapping[Standing, Say] = {
    Standing.BEHIND: _p("button", "Not submitted"),
    Standing.HANDED_IN: _p("button", "Submitted"),
    Standing.UNDONE: _p("button", "Not complete"),
    Standing.DONE: _p("button", "Complete"),
    Standing.RETURNED: _p("button", "Handed back"),
}


def pilots(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """The regions in which a draft can be tried out."""
    found = announcements.draft(visit, announcement_id)
    mine = [one for one in _participants(visit) if visit.may(Act.ANNOUNCE, Place(one.code))]
    page = page_of(number, len(mine))
    shown = mine[page * PAGE : (page + 1) * PAGE]
    rows = tuple(
        (do(Plain(cut(one.name, _LABEL)), "ann-pilot", f"{found.id}-{one.code}", found.version),) for one in shown
    )
    text = paragraphs(
        _("🧪 <b>Trial in a pilot region</b>"),
        _("It goes to the people of this region at once, marked as a trial. It counts nowhere.")
        if mine
        else _("There is nothing to choose here yet."),
    )
    more = pager(f"ann-pilots:{found.id}", page, len(mine))
    return Screen(text, (*rows, *more), trail(found, _("Trial")), f"announcement:{found.id}")


def unread(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Only those who have not confirmed an earlier announcement."""
    rule = _rule(visit, announcement_id)
    earlier = announcements.sent(visit)
    choices = [
        (Plain(f"{one.number}. {cut(announcement_letters.title(one), _LABEL)}"), str(one.id), one.id == rule.unread_of)
        for one in earlier
    ]
    heading = _("Which announcement is not confirmed yet?")
    return _listing(visit, announcement_id, number, "aud-unread", heading, choices, "unread")


def people(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Single persons to leave out."""
    found = announcements.draft(visit, announcement_id)
    rule = announcements.audience(found)
    everybody = reader_lists.candidates(visit.work, rule)
    choices = [(Plain(cut(name, _LABEL)), str(person), person in rule.without) for person, name in everybody]
    return _listing(visit, announcement_id, number, "aud-people", _("Who is left out?"), choices, "without")


def saved(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Audiences that were kept under a name, each with whose it is and a button that puts it away."""
    found = announcements.draft(visit, announcement_id)
    kept = kept_audiences.of_edition(visit)
    choices = [(Plain(cut(one.name, _LABEL)), str(one.id), False) for one in kept]
    page = _listing(visit, announcement_id, number, "aud-saved", _("Which audience?"), choices, "saved")
    start = page_of(number, len(kept)) * PAGE
    shown = kept[start : start + PAGE]
    owners = visit.work.people([one.created_by_id for one in shown])
    told = (_("“{name}”, kept by {who}", name=one.name, who=owners[one.created_by_id].name) for one in shown)
    rows = tuple((*row, *_forgetting(visit, found, one)) for row, one in zip(page.rows, shown, strict=False))
    return replace(page, text=paragraphs(page.text, lines(*told)), rows=(*rows, *page.rows[len(shown) :]))


def _forgetting(visit: Visit, found: Announcement, one: SavedAudience) -> Row:
    if not kept_audiences.may_forget(visit, one):
        return ()
    return (do(_p("button", "🗑 Put it away"), "aud-forget", f"{found.id}-{one.id}"),)


SCREENS: Mapping[str, Draw] = {
    "audience": audience,
    "aud-provinces": provinces,
    "aud-regions": regions,
    "aud-pillars": pillars,
    "aud-cohorts": of_cohorts,
    "aud-work": progress,
    "aud-unread": unread,
    "aud-people": people,
    "aud-saved": saved,
    "ann-pilots": pilots,
}
