"""The deeds of the story on questions, each through the service that a press or a message would reach."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select

from bot.demo.inquiries import Away, Inquiry, LeadMentor, Looked, Page, ReadyAnswer, Vote, Word
from bot.demo.players import Players
from bot.demo.telling import Teller
from bot.flows import answering as answer_flow
from bot.flows import asking as asking_flow
from bot.flows import publishing, searching
from bot.flows import replying as reply_flow
from bot.flows.canning import SaveCanned
from bot.flows.composing import File, Part, Parts
from bot.services import (
    absences,
    answering,
    articles,
    asking,
    canned,
    claims,
    leading,
    merging,
    questions,
    reading,
    replying,
    threads,
)
from bot.services.questions import Draft
from bot.services.visits import Visit
from db.models import Article, CannedAnswer, Person, Question
from db.vocabulary import EvidenceKind, PostKind

# What one press does.
_PRESSED: Mapping[str, Callable[[Visit, str, int], object]] = {
    "take": claims.take,
    "clear": replying.clear,
    "unclear": replying.unclear,
    "solve": answering.solve,
}


@dataclass
class Counter:
    """Asks and answers for the people of the story."""

    players: Players
    teller: Teller
    _asked: dict[str, int] = field(default_factory=dict)
    _written: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._messages = count(1)

    # --- Questions

    def ask(self, one: Inquiry, moment: datetime) -> None:
        """Somebody files a question, and it goes to a mentor."""
        visit = self.players.visit(one.by, moment)
        seat = visit.seat
        draft = Draft(
            region_code=(seat.region_code if seat else None) or "",
            parts=self._parts(visit, one),
            pillar=one.pillar,
            item_key=one.item,
            shared=one.shared,
        )
        asking.file(visit, draft)
        self._asked[one.key] = self._newest_of(visit.member)

    def _newest_of(self, asker: Person) -> int:
        newest = select(Question.id).where(Question.asker_id == asker.id).order_by(Question.id.desc())
        return self.players.session.scalars(newest).first() or 0

    def perform(self, key: str, word: Word, moment: datetime) -> None:
        """One deed on a question."""
        visit = self.players.visit(word.who, moment)
        question = self._question(key)
        match word.do:
            case "answer" | "ask_back" | "note":
                self._say(visit, question, word)
            case "draft":
                wish = answer_flow.KeepDraft(question.id, self._parts(visit, word))
                answering.GRANTS[answer_flow.KeepDraft](visit, wish)
            case "reply":
                replying.said(visit, threads.asking(visit, question.id), self._parts(visit, word)[0])
            case "correct":
                self._correct(visit, question, word.text)
            case "pass_on" | "refer" | "merge":
                self._give_away(visit, question, word)
            case "rate":
                self._rate(visit, question, word)
            case _:
                _PRESSED[word.do](visit, str(question.id), question.version)

    def _question(self, key: str) -> Question:
        found = self.players.session.get(Question, self._asked[key], populate_existing=True)
        if found is None:
            raise LookupError(f"the question {key} is not there")
        return found

    def _say(self, visit: Visit, question: Question, word: Word) -> None:
        parts = (*self._parts(visit, word), *self._ready(visit, question, word.ready))
        if word.do == "note":
            threads.note(visit, question, parts)
            return
        claims.claim(visit, question.id)
        say = threads.answer if word.do == "answer" else threads.ask_back
        say(visit, self.players.session.get_one(Question, question.id), parts)

    def _ready(self, visit: Visit, question: Question, title: str) -> Parts:
        """A ready answer, as if it had been chosen while answering."""
        if not title:
            return ()
        known = self.players.session.scalars(select(CannedAnswer.id).where(CannedAnswer.title == title)).one()
        text, files = canned.use(visit, question, known)
        return (Part(key=self._key(visit), at=visit.at, text=text, file=files[0] if files else None),)

    def _correct(self, visit: Visit, question: Question, text: str) -> None:
        own = [post for post in questions.thread(visit.work, question) if post.kind is PostKind.ANSWER]
        replying.GRANTS[reply_flow.RewritePost](visit, reply_flow.RewritePost(question.id, own[-1].id, text))

    def _give_away(self, visit: Visit, question: Question, word: Word) -> None:
        match word.do:
            case "pass_on":
                claims.pass_on(visit, question.id, self._person(word.to, visit.at).id, word.text)
            case "refer":
                claims.refer(visit, question.id, f"{word.to}-", word.text)
            case _:
                merging.merge(visit, f"{question.id}-{self._asked[word.to]}", question.version)

    def _rate(self, visit: Visit, question: Question, word: Word) -> None:
        replying.rate(visit, f"{question.id}-{word.grade}", question.version)
        if word.text:
            replying.GRANTS[reply_flow.AddGradeWord](visit, reply_flow.AddGradeWord(question.id, word.text))

    # --- What mentors keep for the next question

    def publish(self, page: Page, moment: datetime) -> None:
        """Keep an article: new, made of an answer, or the next version of one."""
        visit = self.players.visit(page.by, moment)
        begun = self._page(visit, page)
        files = begun.files
        if page.file:
            files = (self._file(EvidenceKind.DOCUMENT, page.file, "Program"),)
        wanted = {"title": page.title, "body": page.text, "category": page.category, "files": files}
        wish = publishing.KeepArticle(begun.model_copy(update=wanted), page.state)
        articles.GRANTS[publishing.KeepArticle](visit, wish)
        newest = select(Article.id).order_by(Article.id.desc())
        self._written.setdefault(page.key, self.players.session.scalars(newest).first() or 0)

    def _page(self, visit: Visit, page: Page) -> publishing.Page:
        if page.from_:
            begun = articles.publish(visit, str(self._asked[page.from_]), 0)
        else:
            begun = articles.write(visit, str(self._written.get(page.key, 0)), 0)
        state = begun.state
        if not isinstance(state, publishing.Titling | publishing.Checking):
            raise LookupError(f"the article {page.key} cannot be written")
        return state.page

    def keep_ready(self, one: ReadyAnswer, moment: datetime) -> None:
        """Keep a ready answer."""
        visit = self.players.visit(one.by, moment)
        files = (self._file(EvidenceKind.DOCUMENT, one.file, "Program"),) if one.file else ()
        canned.save(visit, SaveCanned(0, one.title, one.text, files, one.pillar, one.shared))

    # --- The rest of the story

    def leave(self, one: Away, moment: datetime) -> None:
        """A mentor will be away, or is."""
        first, last = self._day(one.first), self._day(one.last)
        absences.leave(self.players.visit(one.who, moment), first, last, self._person(one.substitute, moment).id)

    def _day(self, text: str) -> date:
        return self.players.programme.edition.closing - timedelta(days=int(text.removeprefix("H-")))

    def vote(self, one: Vote, moment: datetime) -> None:
        """Somebody says whether an article helped."""
        reading.vote(self.players.visit(one.who, moment), f"article-{self._written[one.article]}", int(one.helped))

    def look(self, one: Looked, moment: datetime) -> None:
        """Somebody looks for an answer."""
        visit = self.players.visit(one.who, moment)
        if one.answered:
            hits = tuple(asking_flow.Option(key=hit.key, title=hit.title) for hit in reading.hits(visit, one.text))
            asking.GRANTS[asking_flow.AnswerFound](visit, asking_flow.AnswerFound(one.text, hits[0].key, hits))
        else:
            reading.GRANTS[searching.LookFor](visit, searching.LookFor(one.text))

    def appoint(self, one: LeadMentor, moment: datetime) -> None:
        """A coordinator lets a mentor lead."""
        mentor = self.players.visit(one.who, moment).seat
        visit = self.players.visit(one.by, moment)
        if mentor is not None:
            leading.appoint(visit, str(mentor.id), leading.version(visit.work, mentor))

    def _person(self, key: str, moment: datetime) -> Person:
        return self.players.visit(key, moment).member

    # --- Messages

    def _parts(self, visit: Visit, said: Inquiry | Word) -> Parts:
        """The messages of it: the words, under the first file where there is one."""
        place = visit.region.name if visit.region else "Program"
        names = [(EvidenceKind.DOCUMENT, said.file)] if said.file else []
        names += [(EvidenceKind.PHOTO, name) for name in said.photos]
        album = f"inquiry-{next(self._messages)}" if len(names) > 1 else None
        return tuple(self._messages_of(visit, said.text, names, place, album))

    def _messages_of(
        self, visit: Visit, text: str, names: list[tuple[EvidenceKind, str]], place: str, album: str | None
    ) -> Iterator[Part]:
        if not names:
            yield Part(key=self._key(visit), at=visit.at, text=text)
        for number, (kind, name) in enumerate(names):
            sent = self._file(kind, name, place)
            yield Part(key=self._key(visit), at=visit.at, text="" if number else text, file=sent, album=album)

    def _file(self, kind: EvidenceKind, name: str, place: str) -> File:
        kept = self.teller.keep(kind, name, place)
        shown = "" if kind is EvidenceKind.PHOTO else name
        return File(kind=kind, file_id=kept.file_id, unique_id=kept.unique_id, name=shown, size=kept.size)

    def _key(self, visit: Visit) -> str:
        return f"{visit.telegram_id}:inquiry-{next(self._messages)}"
