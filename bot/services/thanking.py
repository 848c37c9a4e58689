"""The word of thanks on the morning after the closing, with where one's regions stood, and where to read more."""

from bot.buttons import Row, look
from bot.services import snapshots
from bot.services.boards import Board
from bot.services.rights import RIGHTS, Act
from bot.words import Day, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Snapshot


def words(board: Board, person_id: int) -> Say:
    """Thanks, and where one's regions stood; for those with no region, how all of them did."""
    frozen, known = board.frozen, board.work.programme.regions.by_code
    own = [_stood(known[code].name, frozen[code]) for code in _own(board, person_id)]
    everybody = _n(
        "{count} region took part, {done} with every mandatory item accepted.",
        "{count} regions took part, {done} with every mandatory item accepted.",
        len(frozen),
        done=snapshots.completed(frozen),
    )
    return paragraphs(
        _("🙏 <b>Thank you.</b> The programme closed on {day}.", day=Day(board.work.programme.edition.closing)),
        lines(*own) if own else everybody if _sees_all(board, person_id) else None,
    )


def _stood(name: str, frozen: Snapshot) -> Say:
    return _(
        "<b>{region}</b> at the closing: {accepted} of {mandatory} mandatory items accepted ({percent}%)",
        region=name,
        accepted=frozen.accepted,
        mandatory=frozen.mandatory,
        percent=frozen.completeness,
    )


def rows(board: Board, person_id: int) -> tuple[Row, ...]:
    """The pages of the snapshot: of one's regions, each by its name, else of all where one may see them."""
    label, known = _p("button", "🏁 At the closing"), board.work.programme.regions.by_code
    own = _own(board, person_id)
    if len(own) > 1:
        return tuple((look(Plain(f"🏁 {known[code].name}"), "recap", code),) for code in own)
    if own:
        return ((look(label, "recap", own[0]),),)
    return ((look(label, "recap"),),) if _sees_all(board, person_id) else ()


def _own(board: Board, person_id: int) -> list[str]:
    """Regions of this person whose numbers they may see."""
    places = board.places.get(person_id, ())
    found = {one.region_code for one in places if one.role in RIGHTS[Act.SEE_REGION]}
    return [code for code in board.frozen if code in found]


def _sees_all(board: Board, person_id: int) -> bool:
    return any(one.role in RIGHTS[Act.SEE_ALL_REGIONS] for one in board.places.get(person_id, ()))
