"""Articles for everybody: written by mentors, or taken from an answer, freed of secrets, reviewed from time to time."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from bot.buttons import row_number
from bot.flows import publishing as flow
from bot.flows.composing import File
from bot.flows.publishing import Checking, Page, Shelf, Titling
from bot.flows.turns import Told, Wish
from bot.services import questions, search_index
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import cut
from bot.texts.secrets import NEVER, Secret, SecretKind, masked
from bot.texts.secrets import secrets as secrets_in
from bot.words import Refusal, Say, _
from db.models import Article, Person, Question, Seat
from db.vocabulary import ArticleState, PostKind

# Somebody looks at every article again at least this often.
REVIEW_DAYS = 60
GENERAL = "general"
# What stands in a public text instead: articles are in the language of the programme.
MASKS: Mapping[SecretKind, str] = {
    SecretKind.NIK: "[NIK]",
    SecretKind.NIP: "[NIP]",
    SecretKind.PHONE: "[nomor telepon]",
    SecretKind.EMAIL: "[alamat surel]",
    SecretKind.ACCOUNT: "[akun]",
    SecretKind.PERSON: "[nama]",
    SecretKind.REGION: "[daerah]",
}


# --- Finding


def by_id(visit: Visit, article_id: object) -> Article:
    """An article that the person may read. Raises `Forbidden` also where there is none."""
    article = visit.work.session.get(Article, row_number(article_id))
    if article is None or not may_read(visit, article):
        raise Forbidden(Act.WRITE_ARTICLE, EVERYWHERE)
    return article


def may_read(visit: Visit, article: Article) -> bool:
    """A draft is its owner's, a staff article the mentors', a public one everybody's who is in."""
    if article.edition_id != visit.work.edition_id or visit.person is None:
        return False
    match article.state:
        case ArticleState.PUBLIC:
            return True
        case ArticleState.STAFF:
            return writes(visit)
        case _:
            return writes(visit) and article.owner_id == visit.person.id


def writes(visit: Visit) -> bool:
    """Whether the person writes articles."""
    return visit.may(Act.WRITE_ARTICLE)


def on_shelf(visit: Visit, category: str) -> Sequence[Article]:
    """What the person may read of a category, by title."""
    rows = visit.work.session.scalars(
        select(Article)
        .where(Article.edition_id == visit.work.edition_id, Article.category == category)
        .order_by(Article.title, Article.id)
    )
    return [article for article in rows if may_read(visit, article)]


def with_files(visit: Visit) -> Sequence[Article]:
    """Articles that bring a document along, the latest first."""
    rows = visit.work.session.scalars(
        select(Article).where(Article.edition_id == visit.work.edition_id).order_by(Article.changed_at.desc())
    )
    return [article for article in rows if article.files and may_read(visit, article)]


def to_write(visit: Visit) -> Sequence[Article]:
    """What a writer works on: own drafts first, then what should be looked at again, then the rest by age."""
    visit.require(Act.WRITE_ARTICLE)
    rows = visit.work.session.scalars(select(Article).where(Article.edition_id == visit.work.edition_id))
    found = [article for article in rows if may_read(visit, article)]
    return sorted(
        found, key=lambda one: (one.state is not ArticleState.DRAFT, one.review_on or date.max, one.title, one.id)
    )


def is_due(visit: Visit, article: Article) -> bool:
    """Whether somebody should look at it again."""
    return article.state is not ArticleState.DRAFT and bool(article.review_on and article.review_on <= visit.today)


def shelves(work: Work) -> tuple[Shelf, ...]:
    """The categories: what is for all, then the pillars."""
    pillars = work.programme.edition.pillars
    return (Shelf(key=GENERAL, title=""), *(Shelf(key=one.key, title=one.title) for one in pillars))


# --- Writing


def write(visit: Visit, subject: str, _version: int) -> Begin:
    """Write a new article (0), or go on with one by its number."""
    visit.require(Act.WRITE_ARTICLE)
    if row_number(subject) == 0:
        return Begin(flow.FLOW.name, Titling(page=Page(category=GENERAL, shelves=shelves(visit.work))))
    article = by_id(visit, subject)
    return Begin(flow.FLOW.name, Checking(page=_page(visit.work, article)))


def _page(work: Work, article: Article) -> Page:
    return Page(
        article_id=article.id,
        question_id=article.question_id,
        version=article.version,
        title=article.title,
        body=article.body,
        category=article.category,
        files=tuple(File.model_validate(file) for file in article.files),
        shelves=shelves(work),
    )


def publish(visit: Visit, subject: str, _version: int) -> Begin:
    """Make an article of a question and its answers; of one that has its article already, go on with that.

    Raises `Refusal` before there is an answer.
    """
    visit.require(Act.WRITE_ARTICLE)
    question = questions.by_id(visit, subject, Act.ANSWER_QUESTION)
    known = visit.work.session.scalar(select(Article).where(Article.question_id == question.id).limit(1))
    if known is not None and may_read(visit, known):
        return Begin(flow.FLOW.name, Checking(page=_page(visit.work, known)))
    return Begin(flow.FLOW.name, Checking(page=_from(visit.work, question)))


def _from(work: Work, question: Question) -> Page:
    posts = questions.thread(work, question)
    answers = [post for post in posts if post.kind is PostKind.ANSWER]
    if not answers:
        raise Refusal(_("Please answer first: there is nothing to publish yet."))
    files = tuple(
        File(kind=file.kind, file_id=file.file_id, unique_id=file.unique_id, name=file.name, size=file.size)
        for post in answers
        for file in post.files
    )
    return Page(
        question_id=question.id,
        title=cut(" ".join(posts[0].body.split()), flow.LONGEST_TITLE),
        body=cut("\n\n".join(post.body for post in answers if post.body), flow.LONGEST_BODY),
        category=question.pillar or GENERAL,
        files=files[-flow.MOST_FILES :],
        shelves=shelves(work),
    )


def found_in(work: Work, page: Page) -> list[Secret]:
    """What should not stand in this article: numbers, names of those around its question, names of regions."""
    names = _people_around(work, page.question_id)
    return secrets_in(f"{page.title}\n{page.body}", names, _bare_names(work))


def _bare_names(work: Work) -> frozenset[str]:
    return frozenset(region.name.partition(" ")[2] for region in work.programme.regions)


def _people_around(work: Work, question_id: int | None) -> set[str]:
    """Everybody who holds a seat in the region that asked, and everybody who wrote in the thread."""
    question = work.session.get(Question, question_id) if question_id else None
    if question is None:
        return set()
    team = select(Person.name).join(Seat, Seat.holder_id == Person.id)
    rows = work.session.scalars(team.where(Seat.scopes.any(region_code=question.region_code)))
    authors = (post.author.name for post in questions.thread(work, question, notes=True) if post.author)
    return {*rows, *authors}


def _look(visit: Visit, wish: flow.LookForSecrets) -> Told:
    visit.require(Act.WRITE_ARTICLE)
    found = found_in(visit.work, wish.page)
    return Told("secrets", tuple((one.kind.value, one.text, one.kind in NEVER) for one in found))


def _mask(visit: Visit, wish: flow.MaskSecrets) -> Told:
    found = found_in(visit.work, wish.page)
    return Told("masked", (masked(wish.page.title, found, MASKS), masked(wish.page.body, found, MASKS)))


def _keep(visit: Visit, wish: flow.KeepArticle) -> Say:
    """Keep an article in this state, one version further. Raises `Refusal` for what may never go out."""
    visit.require(Act.WRITE_ARTICLE)
    work, page = visit.work, wish.page
    if wish.state is not ArticleState.DRAFT and any(one.kind in NEVER for one in found_in(work, page)):
        raise Refusal(_("There is a NIK or NIP in it. Please mask it first; nothing was published."))
    article = _stored(visit, page)
    before = {"state": article.state, "version": article.version} if page.article_id else None
    article.title, article.body, article.category = page.title, page.body, page.category
    article.files = [file.model_dump(mode="json") for file in page.files]
    article.state, article.changed_at = wish.state, work.now
    article.version = page.version + 1
    article.review_on = visit.today + timedelta(days=REVIEW_DAYS)
    work.session.add(article)
    work.session.flush()
    work.audit(
        "keep_article",
        "article",
        article.id,
        before=before,
        after={"state": article.state, "version": article.version, "question_id": article.question_id},
    )
    search_index.put_article(work, article)
    return _KEPT[wish.state]


_KEPT: Mapping[ArticleState, Say] = {
    ArticleState.DRAFT: _("💾 The draft is kept; only you see it."),
    ArticleState.STAFF: _("👥 Kept for mentors and coordinators."),
    ArticleState.PUBLIC: _("🌐 Published. It is found at once."),
}


def _stored(visit: Visit, page: Page) -> Article:
    """The row to write to; a new one belongs to whoever writes it. Raises `Refusal` if it was changed meanwhile."""
    if page.article_id is None:
        return Article(
            edition_id=visit.work.edition_id,
            key=secrets.token_hex(8),
            owner_id=visit.member.id,
            question_id=page.question_id,
            created_at=visit.work.now,
            version=0,
            state=ArticleState.DRAFT,
        )
    article = by_id(visit, page.article_id)
    locked = visit.work.session.get(Article, article.id, with_for_update=True, populate_existing=True)
    if locked is None or locked.version != page.version:
        raise Refusal(_("Somebody changed this article meanwhile. Please open it again."))
    return locked


def withdraw(visit: Visit, subject: str, version: int) -> Reply:
    """Take an article out of sight: it is a draft again."""
    visit.require(Act.WRITE_ARTICLE)
    article = by_id(visit, subject)
    if article.version != version or article.state is ArticleState.DRAFT:
        return Reply(toast=_("This article was changed meanwhile."), then="articles")
    before = {"state": article.state, "version": article.version}
    article.state, article.version, article.changed_at = ArticleState.DRAFT, version + 1, visit.work.now
    article.owner_id = visit.member.id
    visit.work.session.flush()
    visit.work.audit("withdraw_article", "article", article.id, before=before, after={"state": article.state})
    search_index.put_article(visit.work, article)
    return Reply(toast=_("It is a draft again; only you see it."), then="articles")


def reviewed(visit: Visit, subject: str, version: int) -> Reply:
    """Somebody looked at it: it is still right."""
    visit.require(Act.WRITE_ARTICLE)
    article = by_id(visit, subject)
    if article.version == version:
        article.review_on = visit.today + timedelta(days=REVIEW_DAYS)
        visit.work.audit("review_article", "article", article.id, after={"review_on": article.review_on.isoformat()})
    return Reply(
        toast=_("Thank you. It comes up again in {count} days.", count=REVIEW_DAYS), then=f"article:{article.id}"
    )


GRANTS: Mapping[type[Wish], Grant] = {
    flow.LookForSecrets: _look,
    flow.MaskSecrets: _mask,
    flow.KeepArticle: _keep,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "write-article": write,
    "publish": publish,
    "withdraw-article": withdraw,
    "review-article": reviewed,
}
