"""Keeps the search index true: what changes is entered in the same transaction, and all of it when content changed."""

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from bot.program.model import Edition, FaqEntry
from bot.services.closing import filled_in
from bot.services.search import stems
from bot.services.work import Work
from bot.texts import DEFAULT_LANGUAGE, cut
from bot.texts.lexicon import lexicon
from bot.texts.stems import Word, slips
from db import search
from db.models import Article, Question
from db.search import Entry
from db.vocabulary import ArticleState, PostKind

# Grows when the same lists and content give other stems than before.
VERSION = 1
_TITLE = 200
# Of a long answer, the first words tell what it is about.
_BODY_TERMS = 120
_SHORTEST_WORD = 4


def fingerprint(edition: Edition) -> str:
    """What an index made now would be made from."""
    parts = (edition.key, edition.fingerprint, str(edition.closing), lexicon().fingerprint, str(VERSION))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def keep_current(work: Work) -> bool:
    """Make the index anew if it is of other content or of an earlier release. True if it was."""
    wanted = fingerprint(work.programme.edition)
    if search.built_from(work.session) == wanted or search.built_from(work.session, to_build=True) == wanted:
        return False
    build(work)
    search.note_build(work.session, wanted)
    return True


def build(work: Work) -> None:
    """Enter everything that can be found in this edition."""
    search.clear(work.session)
    search.put(work.session, list(everything(work)))


def everything(work: Work) -> Iterator[Entry]:
    """All that can be found: the content's frequent questions, articles, shared answers."""
    for known in work.programme.edition.faq:
        yield of_content(work, known)
    for article in work.session.scalars(select(Article).where(Article.edition_id == work.edition_id)):
        if article.state is not ArticleState.DRAFT:
            yield of_article(work, article)
    for question in work.session.scalars(_shared(work)):
        yield of_question(work, question)


def put_article(work: Work, article: Article) -> None:
    """The article as it stands now; a draft is not found."""
    if article.state is ArticleState.DRAFT:
        search.remove(work.session, f"article:{article.id}")
    else:
        search.put(work.session, [of_article(work, article)])


def put_question(work: Work, question_id: int) -> None:
    """The question with its answers as they stand now: found only while it is shared and answered."""
    work.session.flush()
    question = work.session.scalar(_shared(work).where(Question.id == question_id))
    if question is None:
        search.remove(work.session, f"question:{question_id}")
    else:
        search.put(work.session, [of_question(work, question)])


def _shared(work: Work) -> Select[Question]:
    return (
        select(Question)
        .where(
            Question.edition_id == work.edition_id,
            Question.shared.is_(True),
            Question.first_answer_at.is_not(None),
            Question.merged_into_id.is_(None),
        )
        .options(selectinload(Question.posts))
        .order_by(Question.id)
        .execution_options(populate_existing=True)
    )


def of_content(work: Work, known: FaqEntry) -> Entry:
    edition = work.programme.edition
    title, answer = (filled_in(edition, text, DEFAULT_LANGUAGE) for text in (known.question, known.answer))
    return entry(work, f"faq:{known.key}", title, answer, beside=known.key.replace("-", " "))


def of_article(work: Work, article: Article) -> Entry:
    staff = article.state is ArticleState.STAFF
    pillar = article.category if article.category in {one.key for one in work.programme.edition.pillars} else None
    return entry(work, f"article:{article.id}", article.title, article.body, pillar=pillar, staff_only=staff)


def of_question(work: Work, question: Question) -> Entry:
    asked = next((post.body for post in question.posts if post.kind is PostKind.QUESTION), "")
    answers = "\n".join(post.body for post in question.posts if post.kind is PostKind.ANSWER)
    return entry(work, f"question:{question.id}", asked, answers, pillar=question.pillar)


def entry(
    work: Work,
    key: str,
    title: str,
    body: str,
    *,
    beside: str = "",
    pillar: str | None = None,
    staff_only: bool = False,
) -> Entry:
    """What is indexed of a title and its text; words `beside` count like those of the title."""
    known = stems(work.programme.regions)
    in_title, in_body = known.telling(f"{title} {beside}"), known.telling(body)
    leading = _stems(in_title)
    rest = [stem for stem in _stems(in_body) if stem not in leading][:_BODY_TERMS]
    return Entry(
        key=key,
        title=cut(" ".join(title.split()), _TITLE),
        terms=(*leading, *rest),
        leading=len(leading),
        slips=frozenset(_slips(work, (*in_title, *in_body))),
        pillar=pillar,
        staff_only=staff_only,
    )


def _stems(words: Sequence[Word]) -> list[str]:
    return list(dict.fromkeys(word.stem for word in words))


def _slips(work: Work, words: Sequence[Word]) -> Iterator[tuple[str, str]]:
    """The words as they are written, and the stems, so that a mistyped one finds either."""
    known = stems(work.programme.regions)
    for form in {form for word in words for form in (word.written, word.stem) if known.of(form) == word.stem}:
        if len(form) >= _SHORTEST_WORD:
            yield from ((slip, form) for slip in slips(form))
