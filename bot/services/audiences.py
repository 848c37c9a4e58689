"""Who an announcement is for: a rule built of buttons, shown as one sentence, and made into people by one statement."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from bot.flows.roles import ROLE_NAMES
from bot.program.regions import Region
from bot.services import cohorts
from bot.services.holders import in_office
from bot.services.work import Work
from bot.texts.formats import zone_label
from bot.words import Plain, Say, _, _n, listed
from db.models import Item, Person, Reader, Scope, Seat
from db.vocabulary import ItemState, ReaderState, Role

# Proven or out of the region's hands: "belum mengajukan" does not count these.
_HANDED_IN = (ItemState.SUBMITTED, ItemState.ACCEPTED, ItemState.WAIVED)
_ENDED = (ItemState.ACCEPTED, ItemState.WAIVED)
_NAMED = 3


class Standing(StrEnum):
    """How a region stands with an item, or with all mandatory items of a stage. `DONE` is what completes a stage."""

    BEHIND = "behind"
    HANDED_IN = "handed-in"
    UNDONE = "undone"
    DONE = "done"
    RETURNED = "returned"


class Audience(BaseModel):
    """A rule for who is meant. Empty parts do not narrow; places add up, everything else narrows further.

    `provinces` are two-digit codes, `zones` IANA names, `cohorts` numbers of cohorts. `about` is the key of an item or
    a stage, and `standing` how the region must stand with it. `unread_of` is an earlier announcement that the person
    got and has not confirmed. `without` are persons. `rest_hours` leaves out whoever was sent an announcement in so
    many hours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: tuple[Role, ...] = ()
    regions: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    cohorts: tuple[int, ...] = ()
    pillars: tuple[str, ...] = ()
    about: str | None = None
    standing: Standing = Standing.BEHIND
    unread_of: int | None = None
    without: tuple[int, ...] = ()
    rest_hours: int = 0


def people(work: Work, audience: Audience) -> Select[int | None, int, str | None]:
    """Persons with the seat that makes each of them one of the audience, and its region: (person, seat, region).

    Each person once. Suspended accounts and seats are never meant; people who cannot be reached are.
    """
    meant = _seats(work, audience).subquery()
    return select(meant.c.holder_id, func.min(meant.c.id), func.min(meant.c.region_code)).group_by(meant.c.holder_id)


def _seats(work: Work, audience: Audience) -> Select[int, int | None, str | None]:
    return (
        select(Seat.id, Seat.holder_id, Scope.region_code)
        .join(Scope, Scope.seat_id == Seat.id)
        .join(Person, Person.id == Seat.holder_id)
        .where(
            in_office(work),
            Person.telegram_id.is_not(None),
            *_narrowing(work, audience),
        )
    )


def _narrowing(work: Work, audience: Audience) -> Iterable[ColumnElement[bool]]:
    if audience.roles:
        yield Seat.role.in_(audience.roles)
    if audience.regions or audience.provinces or audience.zones:
        yield _in_places(regions_of(work, audience))
    if audience.cohorts:
        yield _in_places(_of_cohorts(work, audience))
    if audience.pillars:
        yield or_(Scope.pillar.is_(None), Scope.pillar.in_(audience.pillars))
    if audience.about:
        yield _stands(work, audience.about, audience.standing)
    if audience.unread_of:
        yield _unread(audience.unread_of)
    if audience.without:
        yield Seat.holder_id.not_in(audience.without)
    if audience.rest_hours:
        yield _undisturbed(work, audience.rest_hours)


def places_of(audience: Audience) -> Audience:
    """Everybody in the places of a rule, whatever else it asks for."""
    return Audience(regions=audience.regions, provinces=audience.provinces, zones=audience.zones)


def regions_of(work: Work, audience: Audience) -> Sequence[Region]:
    """The regions that the places of a rule name, together."""
    return [
        region
        for region in work.programme.regions
        if region.code in audience.regions
        or region.province_code in audience.provinces
        or region.timezone in audience.zones
    ]


def _of_cohorts(work: Work, audience: Audience) -> Sequence[Region]:
    codes = cohorts.codes_of(work, audience.cohorts)
    return [region for region in work.programme.regions if region.code in codes]


def _in_places(regions: Sequence[Region]) -> ColumnElement[bool]:
    """A seat that reaches one of these regions: of its own, of its province, or all. None of no regions."""
    if not regions:
        return false()
    codes = {region.code for region in regions}
    provinces = {region.province_code for region in regions}
    wide = and_(Scope.region_code.is_(None), or_(Scope.province.is_(None), Scope.province.in_(provinces)))
    return or_(Scope.region_code.in_(codes), wide)


def _stands(work: Work, about: str, standing: Standing) -> ColumnElement[bool]:
    """A seat in a region that stands so. Where a region has no such item yet, nothing was handed in."""
    keys = keys_of(work, about)
    region, of_region = Scope.region_code, Scope.region_code.is_not(None)
    match standing:
        case Standing.BEHIND:
            return and_(of_region, region.not_in(_regions_with(work, keys, _HANDED_IN)))
        case Standing.HANDED_IN:
            return region.in_(_regions_with(work, keys, _HANDED_IN))
        case Standing.UNDONE:
            return and_(of_region, region.not_in(_regions_with(work, keys, _ENDED)))
        case Standing.DONE:
            return region.in_(_regions_with(work, keys, _ENDED))
        case Standing.RETURNED:
            return region.in_(_regions_with(work, keys, (ItemState.RETURNED,), least=1))


def keys_of(work: Work, about: str) -> tuple[str, ...]:
    """The items that count: the item itself, or the mandatory ones of a stage. Raises `KeyError` for neither."""
    edition = work.programme.edition
    if about in {stage.key for stage in edition.milestones}:
        return tuple(item.key for item in edition.items_of(about) if item.mandatory)
    return (edition.item(about).key,)


def _regions_with(
    work: Work, keys: Sequence[str], states: Sequence[ItemState], *, least: int | None = None
) -> Select[str]:
    """Regions in which all of these items, or at least so many, are in one of these states."""
    return (
        select(Item.region_code)
        .where(Item.edition_id == work.edition_id, Item.key.in_(keys), Item.state.in_(states))
        .group_by(Item.region_code)
        .having(func.count() >= (len(keys) if least is None else least))
    )


def _unread(announcement_id: int) -> ColumnElement[bool]:
    earlier = aliased(Reader)
    return (
        select(literal(1))
        .where(earlier.announcement_id == announcement_id, earlier.person_id == Seat.holder_id, silent(earlier))
        .exists()
    )


def silent(reader: type[Reader]) -> ColumnElement[bool]:
    """A reader to whom it was sent, but without a word of theirs."""
    return and_(reader.state == ReaderState.SENT, reader.read_at.is_(None), reader.answered_at.is_(None))


def _undisturbed(work: Work, hours: int) -> ColumnElement[bool]:
    lately = aliased(Reader)
    return ~(
        select(literal(1))
        .where(
            lately.person_id == Seat.holder_id,
            or_(lately.sent_at > work.now - timedelta(hours=hours), lately.state == ReaderState.QUEUED),
        )
        .exists()
    )


# --- In words


def sentence(work: Work, audience: Audience) -> Say:
    """The rule as one sentence: who, where, and who is left out."""
    said: Say = _("{who} in {where}", who=_who(audience), where=_where(work, audience))
    if audience.cohorts:
        names = [Plain(one.name) for one, _count in cohorts.of_edition(work) if one.id in audience.cohorts]
        said = _("{who}, of {cohorts}", who=said, cohorts=listed(names) if names else _("a cohort dissolved since"))
    if audience.pillars:
        titles = [Plain(work.programme.edition.pillar(key).title) for key in audience.pillars]
        said = _("{who}, for {pillars}", who=said, pillars=listed(titles))
    if audience.about:
        said = _standing(said, audience.standing, Plain(title_of(work, audience.about)))
    if audience.unread_of:
        said = _("{who}, who have not confirmed the earlier announcement", who=said)
    return _without(audience, said)


def _standing(who: Say, standing: Standing, what: Say) -> Say:
    match standing:
        case Standing.BEHIND:
            return _("{who}, where “{item}” has not been submitted", who=who, item=what)
        case Standing.HANDED_IN:
            return _("{who}, where “{item}” has been submitted", who=who, item=what)
        case Standing.UNDONE:
            return _("{who}, where “{item}” is not complete", who=who, item=what)
        case Standing.DONE:
            return _("{who}, where “{item}” is complete", who=who, item=what)
        case Standing.RETURNED:
            return _("{who}, where “{item}” was handed back", who=who, item=what)


def title_of(work: Work, about: str) -> str:
    """The name of an item or of a stage."""
    edition = work.programme.edition
    stages = {stage.key: stage.title for stage in edition.milestones}
    return stages.get(about) or edition.item(about).title


def _who(audience: Audience) -> Say:
    return listed([ROLE_NAMES[role] for role in audience.roles]) if audience.roles else _("everybody")


def _where(work: Work, audience: Audience) -> Say:
    regions = work.programme.regions
    provinces = {region.province_code: region.province for region in regions}
    named: list[Say] = [Plain(regions.by_code[code].name) for code in audience.regions if code in regions.by_code]
    named += [_("the province of {name}", name=provinces[code]) for code in audience.provinces if code in provinces]
    named += [_("the zone {zone}", zone=zone_label(zone)) for zone in audience.zones]
    if not named:
        return _("all regions")
    more = len(named) - _NAMED
    shown = named[:_NAMED] if more > 1 else named
    return listed([*shown, _n("{count} other place", "{count} other places", more)] if more > 1 else shown)


def _without(audience: Audience, said: Say) -> Say:
    out: list[Say] = []
    if audience.without:
        out.append(_n("{count} person by name", "{count} persons by name", len(audience.without)))
    if audience.rest_hours:
        hours = audience.rest_hours
        out.append(
            _n("whoever was written to in the last hour", "whoever was written to in the last {count} hours", hours)
        )
    return _("{who}; without {out}", who=said, out=listed(out)) if out else said
