"""How a digest reads: the closing, what is to be done, what is late, what others are late with; each with a button."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.buttons import Row, do, look
from bot.services import closing, last_calls, thanking
from bot.services.boards import Board
from bot.services.item_words import due_words
from bot.services.reminding import Entry, Why
from bot.services.rights import RIGHTS, Act
from bot.services.rounds import Round
from bot.services.work import Work
from bot.texts import cut
from bot.words import Day, Plain, Say, _, _n, _p, lines, listed, paragraphs

# More than this nobody reads on a phone; the rest stands on the page of tasks.
SHOWN = 8
_LABEL = 32
# So many late items look like work done before Pandu came.
MUCH = 5
_NAMES = 3


@dataclass(frozen=True, slots=True)
class Digest:
    """The words of a digest and its buttons."""

    say: Say
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One numbered thing of a digest: under which heading, in which words, and what its button opens."""

    heading: Say
    say: Say
    label: str
    screen: str
    arg: str | int


@dataclass
class Wording:
    """Words one digest after the other. Whoever shares the very same round (`rounds.Alike`) is in the same seats and
    shares its words too, built once."""

    work: Work
    board: Board
    _known: dict[int, tuple[Round, Digest]] = field(default_factory=dict)

    def digest(self, person: int, said: Round) -> Digest:
        """What is said to a person; entries come in their order."""
        known = self._known.get(id(said))
        if known is None:
            # The round is kept with its words, so that no other can bear its identity.
            known = self._known[id(said)] = said, _digest(self.work, self.board, person, said)
        return known[1]


def _digest(work: Work, board: Board, person: int, said: Round) -> Digest:
    entries, today, whys = said.entries, said.today, {entry.why for entry in said.entries}
    every = every_line(work, board, entries)
    shown, more = every[:SHOWN], len(every) - SHOWN
    say = paragraphs(
        None if whys == {Why.THANKS} else _("⏰ <b>Reminder</b>, {day}", day=Day(today)),
        closing.countdown(work) if whys & {Why.CLOSING, Why.LAST, Why.MISSING} else None,
        last_calls.preparing_words(board, person, entries) if Why.CLOSING in whys else None,
        thanking.words(board, person) if Why.THANKS in whys else None,
        *under_headings(shown),
        _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
    )
    rows: list[Row] = list(buttons(shown))
    if more > 0:
        rows.append((look(_p("button", "📌 See all ({count})", count=len(every)), "digest", *_named_by(said)),))
    rows += last_calls.preparing_rows(board, person, entries) if Why.CLOSING in whys else ()
    rows += thanking.rows(board, person) if Why.THANKS in whys else ()
    return Digest(say, (*rows, *_declaring(board, person, entries, work), _about(said)))


def _about(said: Round) -> Row:
    """Why it came, and how to change what comes."""
    why = look(_p("button", "❔ Why this?"), "why", *_named_by(said))
    return (why, look(_p("button", "⏰ My reminders"), "reminders"))


def _named_by(said: Round) -> tuple[str, int]:
    return f"{said.today:%Y%m%d}", said.number


def _may_declare(board: Board, person: int) -> bool:
    """Whether somebody may declare the earlier stages of their one region done."""
    roles = {one.role for one in board.places.get(person, ())}
    return len(board.regions(person)) == 1 and bool(roles & RIGHTS[Act.DECLARE_STAGES])


def _declaring(board: Board, person: int, entries: Sequence[Entry], work: Work) -> tuple[Row, ...]:
    """The way to declare what is late done, where much is late."""
    late = sum(entry.why is Why.OWN and entry.due.passed(work.now) for entry in entries)
    if late < MUCH or not _may_declare(board, person):
        return ()
    return ((do(_p("button", "☑️ Done already ({count})", count=late), "declare", 0),),)


def every_line(work: Work, board: Board, entries: Sequence[Entry]) -> list[Line]:
    """What is said of these entries, items before regions."""
    return [*_item_lines(work, board, entries), *_region_lines(work, board, entries)]


def buttons(shown: Sequence[Line], first: int = 1) -> Iterable[Row]:
    """A button to each line, with its number; the first one has `first`."""
    for number, line in enumerate(shown, first):
        yield (look(Plain(f"{number}. {cut(line.label, _LABEL)}"), line.screen, line.arg),)


def under_headings(shown: Sequence[Line], first: int = 1) -> Iterable[Say]:
    """The lines with their numbers, those of one heading together."""
    for heading, group in groupby(enumerate(shown, first), key=lambda pair: pair[1].heading):
        yield lines(heading, *(_("{number}. {line}", number=number, line=line.say) for number, line in group))


# --- What is to be done, item by item


_LATE = _("⚠️ <b>Late</b>")
_SOON = _("📌 <b>To be done</b>")
_LAST = _("🏁 <b>Still open, due today</b>")
_TEAM = _("👥 <b>Late in the team</b>")


def _item_lines(work: Work, board: Board, entries: Sequence[Entry]) -> Iterable[Line]:
    found = [entry for entry in entries if entry.why in (Why.OWN, Why.SNOOZED, Why.LEAD, Why.LAST)]
    several = len({entry.task.region_code for entry in found if entry.task}) > 1
    return [_item_line(work, board, entry, several=several) for entry in found]


def _item_line(work: Work, board: Board, entry: Entry, *, several: bool) -> Line:
    task = entry.task
    if task is None:
        raise ValueError("only an item has a line of its own")
    title = work.programme.edition.item(task.key).title
    said = _("{title}: {due}", title=title, due=due_words(work, task.region_code, entry.due))
    if several:
        said = _("{region}, {line}", region=work.programme.regions.by_code[task.region_code].name, line=said)
    if entry.why is Why.LEAD:
        return Line(_TEAM, _named(said, board.names(task)), title, "item-id", task.item_id)
    if entry.why is Why.LAST:
        return Line(_LAST, said, title, "item-id", task.item_id)
    return Line(_LATE if entry.due.passed(work.now) else _SOON, said, title, "item-id", task.item_id)


def _named(said: Say, names: Sequence[str]) -> Say:
    if not names:
        return said
    more = len(names) - _NAMES
    known: list[Say] = [Plain(name) for name in names[:_NAMES]]
    others = [_n("{count} more", "{count} more", more)] if more > 0 else []
    return _("{line} · {names}", line=said, names=listed([*known, *others]))


# --- What a coordinator hears of, region by region


_HEADINGS: Mapping[Why, Say] = {
    Why.MISSING: _("🏁 <b>Still missing today</b>"),
    Why.NOBODY: _("🚫 <b>Due, but nobody in the region can be reached</b>"),
    Why.COORDINATOR: _("⚠️ <b>Late in the regions</b>"),
}


def _region_lines(work: Work, board: Board, entries: Sequence[Entry]) -> Iterable[Line]:
    for why, heading in _HEADINGS.items():
        found = [entry for entry in entries if entry.why is why]
        for code, group in groupby(found, key=lambda entry: entry.task.region_code if entry.task else ""):
            yield _region_line(work, board, code, list(group), heading)


def _region_line(work: Work, board: Board, code: str, group: Sequence[Entry], heading: Say) -> Line:
    region = work.programme.regions.by_code[code].name
    tasks = [entry.task for entry in group if entry.task]
    if all(entry.why is Why.MISSING for entry in group):
        names = [work.programme.edition.item(task.key).title for task in tasks]
    else:
        names = list(dict.fromkeys(name for task in tasks for name in board.names(task)))
    said = _n("{region}: {count} item", "{region}: {count} items", len(group), region=region)
    return Line(heading, _named(said, names), region, "region", code)
