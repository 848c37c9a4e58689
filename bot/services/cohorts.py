"""Cohorts: regions that go through the programme together, gathered by coordinators and written to together."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import delete, func, select

from bot.buttons import row_number
from bot.flows import grouping as flow
from bot.flows.turns import Told, Wish
from bot.services.conversations import Begin, Grant, Reply
from bot.services.items import is_participant
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.words import Refusal, _
from db.inbox import insert_ignoring
from db.models import Cohort, CohortRegion

LONGEST = 32


def of_edition(work: Work) -> Sequence[tuple[Cohort, int]]:
    """The cohorts by name, each with how many regions it has."""
    rows = work.session.execute(
        select(Cohort, func.count(CohortRegion.region_code))
        .outerjoin(CohortRegion, CohortRegion.cohort_id == Cohort.id)
        .where(Cohort.edition_id == work.edition_id)
        .group_by(Cohort.id)
        .order_by(Cohort.name)
    )
    return [(cohort, count) for cohort, count in rows]


def codes_of(work: Work, ids: Iterable[int]) -> set[str]:
    """The regions of these cohorts, together."""
    return set(
        work.session.scalars(
            select(CohortRegion.region_code)
            .join(Cohort, Cohort.id == CohortRegion.cohort_id)
            .where(Cohort.edition_id == work.edition_id, Cohort.id.in_(list(ids)))
        )
    )


def names_of(work: Work, region_code: str) -> list[str]:
    """The cohorts a region is in."""
    mine = select(CohortRegion.cohort_id).where(CohortRegion.region_code == region_code)
    found = select(Cohort.name).where(Cohort.edition_id == work.edition_id, Cohort.id.in_(mine))
    return list(work.session.scalars(found.order_by(Cohort.name)))


def by_id(visit: Visit, cohort_id: int | str) -> Cohort:
    """A cohort this person may change. Raises `Forbidden` also where there is none."""
    visit.require(Act.ADD_PARTICIPANT)
    found = visit.work.session.get(Cohort, row_number(cohort_id))
    if found is None or found.edition_id != visit.work.edition_id:
        raise Forbidden(Act.ADD_PARTICIPANT, EVERYWHERE)
    return found


def begin(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to name a new cohort (`0`), or one that there is anew."""
    visit.require(Act.ADD_PARTICIPANT)
    if not row_number(subject):
        return Begin(flow.FLOW.name, flow.Naming())
    found = by_id(visit, subject)
    return Begin(flow.FLOW.name, flow.Naming(cohort_id=found.id, present=found.name))


def name(visit: Visit, wish: flow.NameCohort) -> Told:
    """Keep the name. Raises `Refusal` for one that another cohort has."""
    visit.require(Act.ADD_PARTICIPANT)
    work, said = visit.work, clean_name(wish.text, LONGEST)
    known = select(Cohort.id).where(Cohort.edition_id == work.edition_id, Cohort.name == said)
    if work.session.scalar(known.where(Cohort.id != wish.cohort_id)) is not None:
        raise Refusal(_("There is a cohort of this name already. Please choose another one."))
    found = by_id(visit, wish.cohort_id) if wish.cohort_id else Cohort(edition_id=work.edition_id)
    found.name = said
    work.session.add(found)
    work.session.flush()
    work.audit("name_cohort", "cohort", found.id, after={"name": said})
    return Told("kept", (found.id,))


def put(visit: Visit, subject: str, _version: int) -> Reply:
    """Put a region into a cohort or take it out, whichever the button said (`3-12.76-in`, `3-12.76-out`)."""
    number, code, way = (*subject.split("-", 2), "", "")[:3]
    found = by_id(visit, number)
    if not is_participant(visit.work, code):
        raise Forbidden(Act.ADD_PARTICIPANT, EVERYWHERE)
    present = {"cohort_id": found.id, "region_code": code}
    if way == "in":
        statement = insert_ignoring(visit.work.session, CohortRegion).values(**present).on_conflict_do_nothing()
    else:
        statement = delete(CohortRegion).filter_by(**present)
    changed = visit.work.session.execute(statement)
    if getattr(changed, "rowcount", 0) > 0:
        visit.work.audit(f"cohort_{'in' if way == 'in' else 'out'}", "cohort", found.id, region_code=code)
    return Reply()


def dissolve(visit: Visit, subject: str, _version: int) -> Reply:
    """Forget a cohort; its regions stay what they are."""
    found = by_id(visit, subject)
    visit.work.audit("dissolve_cohort", "cohort", found.id, before={"name": found.name})
    visit.work.session.execute(delete(CohortRegion).where(CohortRegion.cohort_id == found.id))
    visit.work.session.delete(found)
    visit.work.session.flush()
    return Reply(toast=_("The cohort was dissolved."), then="cohorts")


def gather(work: Work, named: Mapping[str, Sequence[str]]) -> None:
    """Make the cohorts that the edition's file names and that there are not yet; later the coordinators decide."""
    for said, codes in named.items():
        statement = insert_ignoring(work.session, Cohort).values(edition_id=work.edition_id, name=said)
        cohort_id = work.session.scalar(statement.on_conflict_do_nothing().returning(Cohort.id))
        if cohort_id is not None:
            work.session.add_all(CohortRegion(cohort_id=cohort_id, region_code=code) for code in codes)
            work.session.flush()


GRANTS: Mapping[type[Wish], Grant] = {flow.NameCohort: name}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "cohort-name": begin,
    "cohort-put": put,
    "cohort-end": dissolve,
}
