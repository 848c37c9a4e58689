"""What readers do with answers: look for them, have documents sent, say whether they helped, ask instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bot.flows import searching as flow
from bot.flows.composing import Part
from bot.flows.turns import Told, Wish
from bot.services import articles, asking, items, questions, search
from bot.services.closing import filled
from bot.services.conversations import Begin, Grant, Reply
from bot.services.remembered import update_id
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.search import Hit
from bot.services.sending import METHODS
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Day, _, lines
from db.models import ArticleVote, Item, Question, Search
from db.vocabulary import EvidenceKind, Lane, Policy

REPORT_DAYS = 30
# From here on a hit is shown at once, if none comes close behind it.
SURE = 0.7
AHEAD = 0.1
WORDS_OF_A_QUESTION = 2
OF_ITEM = 5


def hits(visit: Visit, text: str, limit: int = 3) -> list[Hit]:
    """What the person may be shown for a text, nearest first; of the pillar of the seat before others."""
    scopes = visit.seat.scopes if visit.seat else ()
    pillar = next((scope.pillar for scope in scopes if scope.pillar), None)
    found = search.similar(visit.work, text, pillar, limit, staff=articles.writes(visit))
    return [Hit(hit.key, filled(visit, hit.title), hit.score) for hit in found]


def about_item(visit: Visit, item: Item) -> list[Hit]:
    """What helps with an item: answered questions about it that the person may read, then what its title finds."""
    asked = [one for one in questions.answered_about(visit.work, item.key) if _may_read(visit, one)][:OF_ITEM]
    titles = questions.titles(visit.work, [one.id for one in asked])
    known = [Hit(f"question:{one.id}", f"{questions.number_word(one)} {titles.get(one.id, '')}", 1.0) for one in asked]
    there = {one.key for one in known}
    return [*known, *(one for one in hits(visit, items.title(visit.work, item).text) if one.key not in there)]


def _may_read(visit: Visit, question: Question) -> bool:
    return questions.allowed(visit, question, Act.SEE_QUESTION)


def for_text(visit: Visit, text: str) -> Reply | None:
    """What is shown for something written out of any question: the answer itself if it is surely the one, else a
    choice. None if nothing comes near; then it is noted, so that the editors learn of it."""
    found = hits(visit, text)
    if not found:
        if len(search.stems(visit.work.programme.regions).telling(text)) >= WORDS_OF_A_QUESTION:
            search.note(visit.work, mask_nik(text)[0], ())
        return None
    rivals = [hit for hit in found[1:] if hit.score > found[0].score - AHEAD]
    sure = found[0].score >= SURE and not rivals
    return Reply(then=found[0].key if sure else f"found:{update_id(visit)}")


def begin_search(_visit: Visit, _subject: str, _version: int) -> Begin:
    return Begin(flow.FLOW.name, flow.Looking())


def _look(visit: Visit, wish: flow.LookFor) -> Told:
    found = hits(visit, wish.text, limit=6)
    search.note(visit.work, mask_nik(wish.text)[0], found)
    return Told("found", (asks(visit), *((hit.key, hit.title) for hit in found)))


def asks(visit: Visit) -> bool:
    """Whether the person may ask the mentors."""
    return visit.region is not None and visit.may(Act.ASK, Place(visit.region.code))


def _ask(visit: Visit, wish: flow.AskInstead) -> Begin:
    key = f"{visit.chat.chat_id}:{visit.work.cause}"
    return asking.begin(visit, parts=(Part(key=key, at=visit.at, text=wish.text),))


def ask_about(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to ask from an answer that did not help; the question says which one, and is of its pillar."""
    _require_readable(visit, subject)
    kind, _dash, name = subject.partition("-")
    category = articles.by_id(visit, name).category if kind == "article" else ""
    pillar = category if category in {one.key for one in visit.work.programme.edition.pillars} else None
    return asking.begin(visit, about=f"{kind}:{name}", pillar=pillar)


def vote(visit: Visit, subject: str, helpful: int) -> Reply:
    """ "Membantu?" on `faq-<key>`, `article-<id>` or `question-<id>`; the last word of a person counts."""
    _require_readable(visit, subject)
    work = visit.work
    row = work.session.get(ArticleVote, (subject, visit.member.id))
    if row is None:
        work.session.add(ArticleVote(subject=subject, person_id=visit.member.id, helpful=bool(helpful), at=work.now))
    else:
        row.helpful, row.at = bool(helpful), work.now
    if helpful:
        return Reply(toast=_("Thank you, good to know."))
    return Reply(toast=_("Thank you. A mentor can be asked from here."))


def _require_readable(visit: Visit, subject: str) -> None:
    kind, _dash, name = subject.partition("-")
    known = {entry.key for entry in visit.work.programme.edition.faq}
    match kind:
        case "faq" if name in known and visit.person:
            return
        case "article":
            articles.by_id(visit, name)
        case "question":
            questions.by_id(visit, name, Act.SEE_QUESTION)
        case _:
            raise Forbidden(Act.WRITE_ARTICLE, EVERYWHERE)


def votes(work: Work, subject: str) -> tuple[int, int]:
    """How many found it helpful, and how many did not."""
    rows = work.session.execute(
        select(ArticleVote.helpful, func.count()).where(ArticleVote.subject == subject).group_by(ArticleVote.helpful)
    )
    counted = {bool(row[0]): int(row[1]) for row in rows}
    return counted.get(True, 0), counted.get(False, 0)


def send_files(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the documents of an article at once, by Telegram's own file number, each with version and date."""
    article = articles.by_id(visit, subject)
    said = lines(
        _("📄 <b>{title}</b>", title=article.title),
        _("Version {version}, {day}", version=article.version, day=Day(visit.local(article.changed_at))),
    )
    for number, file in enumerate(article.files):
        visit.work.tell(
            visit.member,
            said,
            key=f"article:{article.id}:{number}:{visit.work.cause}",
            method=METHODS[EvidenceKind(file["kind"])],
            file_id=file["file_id"],
            protect=False,
            lane=Lane.REPLY,
            policy=Policy.AT_MOST_ONCE,
        )
    return Reply(toast=_("The document is on its way."))


@dataclass(frozen=True, slots=True)
class Gap:
    """Words that were looked for without any result, and how often."""

    words: str
    count: int


def gaps(work: Work) -> Sequence[Gap]:
    """Searches of the last thirty days that found nothing, the most frequent first."""
    since = work.now - timedelta(days=REPORT_DAYS)
    rows = work.session.execute(
        select(Search.words, func.count())
        .where(Search.edition_id == work.edition_id, Search.results == 0, Search.at >= since)
        .group_by(Search.words)
        .order_by(func.count().desc(), Search.words)
        .limit(200)
    )
    return [Gap(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Found:
    """How many searches there were in the last thirty days, found something, and made a question needless."""

    searches: int
    with_result: int
    answered: int


def counted(work: Work) -> Found:
    since = work.now - timedelta(days=REPORT_DAYS)
    mine = select(func.count()).select_from(Search).where(Search.edition_id == work.edition_id, Search.at >= since)
    session = work.session
    return Found(
        searches=session.scalar(mine) or 0,
        with_result=session.scalar(mine.where(Search.results > 0)) or 0,
        answered=session.scalar(mine.where(Search.answered.is_(True))) or 0,
    )


GRANTS: Mapping[type[Wish], Grant] = {flow.LookFor: _look, flow.AskInstead: _ask}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "search": begin_search,
    "vote": vote,
    "ask-about": ask_about,
    "article-files": send_files,
}
