"""Ready answers ("jawaban cepat"): own and shared ones, with variables, files and a count of their use."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import or_, select, update

from bot.buttons import row_number
from bot.flows import canning as flow
from bot.flows.canning import VARIABLES
from bot.flows.composing import File
from bot.flows.turns import Wish
from bot.services import items
from bot.services.closing import closing_words
from bot.services.conversations import Begin, Grant, Reply
from bot.services.deadlines import due_of
from bot.services.questions import number_word
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import Visit
from bot.texts.formats import long_day
from bot.words import Refusal, Say, _
from db.models import CannedAnswer, Question
from db.vocabulary import Role

_FILES: TypeAdapter[tuple[File, ...]] = TypeAdapter(tuple[File, ...])
_VARIABLE = re.compile(r"\{([^{}\n]{1,32})\}")


# --- Finding


def of(visit: Visit) -> Sequence[CannedAnswer]:
    """One's own and the shared ones, most used first."""
    visit.require(Act.SEE_QUEUE)
    return visit.work.session.scalars(
        select(CannedAnswer)
        .where(
            CannedAnswer.edition_id == visit.work.edition_id,
            CannedAnswer.removed_at.is_(None),
            or_(CannedAnswer.owner_id.is_(None), CannedAnswer.owner_id == visit.member.id),
        )
        .order_by(CannedAnswer.uses.desc(), CannedAnswer.title, CannedAnswer.id)
    ).all()


def fitting(visit: Visit, pillar: str | None) -> list[CannedAnswer]:
    """Those for a question of this field: made for it first, then for every field."""
    found = [one for one in of(visit) if one.pillar in (None, pillar)]
    return sorted(found, key=lambda one: one.pillar is None)


def by_id(visit: Visit, canned_id: int | str) -> CannedAnswer:
    """A ready answer this person may use. Raises `Forbidden` also where there is none."""
    visit.require(Act.SEE_QUEUE)
    found = visit.work.session.get(CannedAnswer, row_number(canned_id))
    if found is None or found.removed_at or found.edition_id != visit.work.edition_id:
        raise Forbidden(Act.SEE_QUEUE, EVERYWHERE)
    if found.owner_id not in (None, visit.member.id):
        raise Forbidden(Act.SEE_QUEUE, EVERYWHERE)
    return found


def may_change(visit: Visit, one: CannedAnswer) -> bool:
    """Whose it is, who made a shared one, and whoever leads the mentors."""
    held = [seat for seat in visit.seats if seat.suspended_at is None]
    leads = any(seat.leads_mentors or seat.role is Role.COORDINATOR for seat in held)
    return visit.member.id in (one.owner_id, one.created_by_id) or (one.owner_id is None and leads)


def _changeable(visit: Visit, canned_id: int | str) -> CannedAnswer:
    one = by_id(visit, canned_id)
    if not may_change(visit, one):
        raise Refusal(_("Only whoever made this ready answer can change it."))
    return one


# --- Using


def use(visit: Visit, question: Question, canned_id: int) -> tuple[str, tuple[File, ...]]:
    """A ready answer made for this question, with its files; counted. Raises `Refusal` where a value is missing."""
    one = by_id(visit, canned_id)
    text = filled(visit, question, one.body)
    visit.work.session.execute(update(CannedAnswer).where(CannedAnswer.id == one.id).values(uses=CannedAnswer.uses + 1))
    visit.work.session.refresh(one)
    return text, files_of(one)


def files_of(one: CannedAnswer) -> tuple[File, ...]:
    """Its files, by Telegram's numbers."""
    return _FILES.validate_python(one.files)


def filled(visit: Visit, question: Question, body: str) -> str:
    """The text with what is known of the question, in the asker's language."""
    values = _values(visit, question)
    missing = sorted({name for name in _VARIABLE.findall(body) if not values.get(name)})
    if missing:
        raise Refusal(
            _(
                "This ready answer needs {names}, which this question does not have. Please choose another one.",
                names=", ".join(f"{{{name}}}" for name in missing),
            )
        )
    return _VARIABLE.sub(lambda found: values[found[1]], body)


def _values(visit: Visit, question: Question) -> dict[str, str]:
    work, asker = visit.work, visit.work.person(question.asker_id)
    edition = work.programme.edition
    item = items.of_region(work, question.region_code).get(question.item_key or "")
    due = due_of(work, question.region_code, item.key, asker.id) if item else None
    return {
        "nama": asker.name,
        "daerah": work.programme.regions.by_code[question.region_code].name,
        "butir": items.title(work, item).text if item else "",
        "tenggat": long_day(due.day, asker.language) if due else "",
        "pilar": edition.pillar(question.pillar).title if question.pillar else "",
        "nomor": number_word(question),
        "tim_ahli": visit.member.name,
        "penutupan": closing_words(edition, asker.language),
    }


# --- Making


def save(visit: Visit, wish: flow.SaveCanned) -> Say:
    """Make a ready answer, or change one. Raises `Refusal` for a variable that nobody knows."""
    visit.require(Act.SEE_QUEUE)
    unknown = sorted(set(_VARIABLE.findall(wish.body)) - set(VARIABLES))
    if unknown:
        raise Refusal(
            _(
                "These are not known: {unknown}. Known are: {known}.",
                unknown=", ".join(f"{{{name}}}" for name in unknown),
                known=", ".join(f"{{{name}}}" for name in VARIABLES),
            )
        )
    values: dict[str, Any] = {
        "title": wish.title,
        "body": wish.body,
        "files": _FILES.dump_python(wish.files, mode="json"),
        "pillar": wish.pillar,
        "owner_id": None if wish.shared else visit.member.id,
    }
    return _change(visit, wish.canned_id, values) if wish.canned_id else _make(visit, values)


def _make(visit: Visit, values: Mapping[str, Any]) -> Say:
    work = visit.work
    row = CannedAnswer(edition_id=work.edition_id, created_by_id=visit.member.id, created_at=work.now, **values)
    work.session.add(row)
    work.session.flush()
    work.audit("make_canned", "canned", row.id, after={"title": row.title, "shared": row.owner_id is None})
    return _("The ready answer is kept: <b>{title}</b>.", title=row.title)


def _change(visit: Visit, canned_id: int, values: Mapping[str, Any]) -> Say:
    one = _changeable(visit, canned_id)
    before = {"title": one.title, "shared": one.owner_id is None}
    for name, value in values.items():
        setattr(one, name, value)
    one.version += 1
    visit.work.session.flush()
    after = {"title": one.title, "shared": one.owner_id is None}
    visit.work.audit("change_canned", "canned", one.id, before=before, after=after)
    return _("Changed: <b>{title}</b>.", title=one.title)


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to make a ready answer."""
    visit.require(Act.SEE_QUEUE)
    return Begin(flow.FLOW.name, flow.Titling(fields=_fields(visit)))


def edit(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to change a ready answer."""
    one = _changeable(visit, subject)
    known = flow.Known(
        canned_id=one.id,
        title=one.title,
        body=one.body,
        files=files_of(one),
        pillar=one.pillar,
        shared=one.owner_id is None,
    )
    return Begin(flow.FLOW.name, flow.Titling(fields=_fields(visit), known=known))


def _fields(visit: Visit) -> tuple[flow.Field, ...]:
    return tuple(flow.Field(key=one.key, title=one.title) for one in visit.work.programme.edition.pillars)


def remove(visit: Visit, subject: str, _version: int) -> Reply:
    """Take a ready answer off the list; answers sent with it stay."""
    one = _changeable(visit, subject)
    one.removed_at = visit.work.now
    visit.work.session.flush()
    visit.work.audit("remove_canned", "canned", one.id, before={"title": one.title})
    return Reply(toast=_("Removed."), then=f"canned-removed:{one.id}")


def removed(visit: Visit, canned_id: str) -> CannedAnswer:
    """One that was taken off the list and can be put back by this person. Raises `Forbidden`."""
    visit.require(Act.SEE_QUEUE)
    one = visit.work.session.get(CannedAnswer, row_number(canned_id))
    if one is None or one.removed_at is None or one.edition_id != visit.work.edition_id or not may_change(visit, one):
        raise Forbidden(Act.SEE_QUEUE, EVERYWHERE)
    return one


def restore(visit: Visit, subject: str, _version: int) -> Reply:
    """Put a removed one back."""
    one = removed(visit, subject)
    one.removed_at = None
    visit.work.session.flush()
    visit.work.audit("restore_canned", "canned", one.id)
    return Reply(toast=_("It is back."), then=f"canned-one:{one.id}")


GRANTS: Mapping[type[Wish], Grant] = {flow.SaveCanned: save}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "make-canned": begin,
    "edit-canned": edit,
    "remove-canned": remove,
    "restore-canned": restore,
}
