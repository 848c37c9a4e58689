"""When a mentor is away, and who stands in."""

from collections.abc import Mapping

from bot.buttons import Row, do
from bot.screens.screen import Draw, Screen
from bot.services import absences
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Day, Say, _, _p, lines, paragraphs
from db.models import Absence

TITLE = _("Absence")


def absence_list(visit: Visit) -> Screen:
    """One's own absences that are not over, and for whom one stands in now."""
    visit.require(Act.REVIEW_ITEM)
    own = absences.of_person(visit.work, visit.member.id, visit.today)
    away = sorted({seat.holder_id for seat in visit.covered if seat.holder_id})
    names = [person.name for person in visit.work.people(away).values()]
    text = paragraphs(
        _("🌴 <b>Absence</b>"),
        lines(*(_line(visit, one) for one in own)) if own else _("No absence is planned."),
        _("At present you stand in for: {names}.", names=", ".join(names)) if names else None,
        _to_come(visit),
    )
    rows: list[Row] = [
        (do(_p("button", "✖️ Come back ({day})", day=_day(one)), "come_back", one.id),) for one in own[:5]
    ]
    rows.append((do(_p("button", "🌴 Plan an absence"), "leave", 0),))
    return Screen(text, tuple(rows), (TITLE,), "home")


def _to_come(visit: Visit) -> Say | None:
    """For whom this person will stand in, and when."""
    found = absences.to_stand_in(visit.work, visit.member.id, visit.today)
    people = visit.work.people([one.person_id for one in found])
    told = [
        _(
            "• {name}: {first} to {last}",
            name=people[one.person_id].name,
            first=Day(one.first_day),
            last=Day(one.last_day),
        )
        for one in found
    ]
    return lines(_("You will stand in for:"), *told) if told else None


def _day(one: Absence) -> str:
    return f"{one.first_day:%d/%m}"


def _line(visit: Visit, one: Absence) -> Say:
    substitute = visit.work.person(one.substitute_id).name if one.substitute_id else None
    when = _("• {first} to {last}", first=Day(one.first_day), last=Day(one.last_day))
    who = _("  stands in: {name}", name=substitute) if substitute else _("  nobody stands in")
    return lines(when, who)


SCREENS: Mapping[str, Draw] = {"absences": absence_list}
