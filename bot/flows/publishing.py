"""An article for everybody is written, freed of what should not stand in it, and published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.flows.composing import File, joined, part_of
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.vocabulary import ArticleState

# One message shows the whole article with its title.
LONGEST_TITLE = 200
LONGEST_BODY = 3000
MOST_FILES = 5
_SHOWN = 1500


class Shelf(State):
    """A category: a pillar by its title, or, without one, what is for all of them."""

    key: str
    title: str


class Finding(State):
    """Something that should not stand in a public text. `never`: it may not go out at all."""

    kind: str
    text: str
    never: bool


class Page(State):
    """The article as it is being written. `version` is the stored one that this began from."""

    article_id: int | None = None
    question_id: int | None = None
    version: int = 0
    title: str = ""
    body: str = ""
    category: str = ""
    files: tuple[File, ...] = ()
    shelves: tuple[Shelf, ...] = ()


class Titling(State):
    step: Literal["title"] = "title"
    page: Page


class Writing(State):
    step: Literal["body"] = "body"
    page: Page


class Sorting(State):
    step: Literal["category"] = "category"
    page: Page


class Checking(State):
    step: Literal["check"] = "check"
    page: Page
    findings: tuple[Finding, ...] = ()


class Confirming(State):
    """Published with what was found all the same: the writer has looked at each."""

    step: Literal["confirm"] = "confirm"
    page: Page
    findings: tuple[Finding, ...] = ()


Publishing = Titling | Writing | Sorting | Checking | Confirming


@dataclass(frozen=True, slots=True)
class LookForSecrets(Wish):
    """Answered with `secrets`: (kind, text, never) of each."""

    page: Page


@dataclass(frozen=True, slots=True)
class MaskSecrets(Wish):
    """Answered with `masked`: title and body."""

    page: Page


@dataclass(frozen=True, slots=True)
class KeepArticle(Wish):
    """Refused if somebody changed it meanwhile, and for what may never go out."""

    page: Page
    state: ArticleState


def advance(state: Publishing, event: Event) -> Turn[Publishing]:
    match event:
        case Pressed("cancel"):
            return Turn(None, _("Cancelled. The article is as it was before."), then="articles")
        case Pressed("back"):
            return Turn(_next(state.page))
        case Told("secrets", facts):
            return Turn(_with_findings(state, facts))
    match state:
        case Titling():
            return _titling(state, event)
        case Writing():
            return _writing(state, event)
        case Sorting():
            return _sorting(state, event)
        case Checking():
            return _checking(state, event)
        case Confirming():
            return _confirming(state, event)


def _with_findings(state: Publishing, facts: tuple[Any, ...]) -> Publishing:
    if not isinstance(state, Checking | Confirming):
        return state
    found = tuple(Finding(kind=kind, text=text, never=never) for kind, text, never in facts)
    return state.model_copy(update={"findings": found})


def _next(page: Page) -> Publishing:
    """What is still to be asked of an article."""
    if not page.title:
        return Titling(page=page)
    if not page.body and not page.files:
        return Writing(page=page)
    return Checking(page=page)


def _changed(page: Page, **values: Any) -> Page:
    return page.model_copy(update=values)


def _titling(state: Titling, event: Event) -> Turn[Publishing]:
    match event:
        case Wrote(text) if len(text.strip()) > LONGEST_TITLE:
            return again(state, _("A question of at most {count} characters is read best.", count=LONGEST_TITLE))
        case Wrote(text) if text.strip():
            return Turn(_next(_changed(state.page, title=" ".join(text.split()))))
        case _:
            return again(state, _("Please write the question as a message."))


def _writing(state: Writing, event: Event) -> Turn[Publishing]:
    part = part_of(event)
    if part is None or not (part.text.strip() or part.file):
        return again(state, _("Please write the answer as a message, or send a document."))
    text = joined((part,))
    if len(text) > LONGEST_BODY:
        return again(state, _("An answer of at most {count} characters fits in one message.", count=LONGEST_BODY))
    files = (*state.page.files, part.file) if part.file else state.page.files
    return _sorted(_changed(state.page, body=text or state.page.body, files=files[-MOST_FILES:]))


def _sorted(page: Page) -> Turn[Publishing]:
    """A new article is put on a shelf first."""
    return Turn(_next(page) if page.article_id or page.question_id else Sorting(page=page))


def _sorting(state: Sorting, event: Event) -> Turn[Publishing]:
    match event:
        case Pressed("category", key) if key in {shelf.key for shelf in state.page.shelves}:
            return Turn(_next(_changed(state.page, category=key)))
        case _:
            return again(state, _("Please choose one of the buttons."))


_EDITS: Mapping[str, type[Titling | Writing | Sorting]] = {"title": Titling, "body": Writing, "shelf": Sorting}
_KEPT = {"draft": ArticleState.DRAFT, "staff": ArticleState.STAFF}


def _checking(state: Checking, event: Event) -> Turn[Publishing]:
    page = state.page
    part = part_of(event)
    match event:
        case Pressed(name) if name in _EDITS:
            return Turn(_EDITS[name](page=page))
        case Pressed("files"):
            return Turn(_next(_changed(page, files=())))
        case Pressed("mask"):
            return Turn(state, wishes=(MaskSecrets(page),))
        case Told("masked", (str(title), str(body))):
            return Turn(Checking(page=_changed(page, title=title, body=body)))
        case Pressed(name) if name in _KEPT:
            return _kept(page, _KEPT[name])
        case Pressed("publish") if state.findings:
            return Turn(Confirming(page=page, findings=state.findings))
        case Pressed("publish"):
            return _kept(page, ArticleState.PUBLIC)
        case _ if part is not None and part.file:
            return Turn(Checking(page=_changed(page, files=(*page.files, part.file)[-MOST_FILES:])))
        case _:
            return again(state, _("Please choose a button. A document sent now is added to the article."))


def _confirming(state: Confirming, event: Event) -> Turn[Publishing]:
    match event:
        case Pressed("mask"):
            return Turn(Checking(page=state.page), wishes=(MaskSecrets(state.page),))
        case Pressed("publish") if not any(one.never for one in state.findings):
            return _kept(state.page, ArticleState.PUBLIC)
        case _:
            return again(state, _("Please choose one of the buttons."))


def _kept(page: Page, state: ArticleState) -> Turn[Publishing]:
    return Turn(None, wishes=(KeepArticle(page, state),), then="articles")


_CANCEL = Choice(_p("button", "Cancel"), "cancel")
_BACK = Choice(_p("button", "◀ Back"), "back")
_MASK = Choice(_p("button", "🕶 Mask all"), "mask")


def question(state: Publishing) -> Question:
    match state:
        case Titling(page=page):
            return _asked(page, _("Which question does it answer? Please write it as others would ask it."), page.title)
        case Writing(page=page):
            return _asked(page, _("Please write the answer. A document with its caption is welcome too."), page.body)
        case Sorting(page=page):
            rows = tuple((Choice(shelf_words(shelf), "category", shelf.key),) for shelf in page.shelves)
            return Question(_("Where does the article belong?"), (*rows, (_way_out(page),)))
        case Checking():
            return _checking_question(state)
        case Confirming():
            return _confirming_question(state)


def _asked(page: Page, ask: Say, present: str) -> Question:
    now = _("Now: <blockquote>{text}</blockquote>", text=present[:_SHOWN]) if present else None
    return Question(paragraphs(ask, now), ((_way_out(page),),))


def _way_out(page: Page) -> Choice:
    return _BACK if page.title and (page.body or page.files) else _CANCEL


def _checking_question(state: Checking) -> Question:
    page = state.page
    text = paragraphs(
        _("<b>Please check before publishing</b>"),
        _("❔ <b>{question}</b>", question=page.title),
        Plain(page.body[:_SHOWN] + ("…" if len(page.body) > _SHOWN else "")) if page.body else None,
        lines(_("Category: {category}", category=_shelf(page)), _files_line(page)),
        _findings(state.findings),
    )
    edit = (Choice(_p("button", "✏️ Question"), "title"), Choice(_p("button", "✏️ Answer"), "body"))
    drop = (Choice(_p("button", "🗑 Without files"), "files"),) if page.files and page.body else ()
    keep = (Choice(_p("button", "💾 Keep as draft"), "draft"), Choice(_p("button", "👥 For the team"), "staff"))
    publish = Choice(_p("button", "🌐 Publish"), "publish")
    rows = (edit, (Choice(_p("button", "🗂 Category"), "shelf"), *drop), keep, (_CANCEL, publish))
    return Question(text, ((_MASK,), *rows) if state.findings else rows)


def _shelf(page: Page) -> Say:
    return next((shelf_words(shelf) for shelf in page.shelves if shelf.key == page.category), Plain("–"))


def shelf_words(shelf: Shelf) -> Say:
    """What a category is called."""
    return Plain(shelf.title) if shelf.title else _("General")


def _files_line(page: Page) -> Say | None:
    count = len(page.files)
    return _n("📎 {count} file", "📎 {count} files", count) if count else None


_KINDS: dict[str, Say] = {
    "nik": _("identity number (NIK)"),
    "nip": _("staff number (NIP)"),
    "phone": _("telephone number"),
    "email": _("e-mail address"),
    "account": _("Telegram account"),
    "person": _("name of a person"),
    "region": _("name of a region"),
}


def _findings(found: tuple[Finding, ...]) -> Say | None:
    if not found:
        return None
    shown = [_("• {kind}: {text}", kind=_KINDS[one.kind], text=one.text) for one in found[:8]]
    more = len(found) - len(shown)
    return lines(
        _("⚠️ <b>This should not stand in a public text:</b>"),
        *shown,
        _n("… and {count} more", "… and {count} more", more) if more else None,
    )


def _confirming_question(state: Confirming) -> Question:
    never = any(one.never for one in state.findings)
    text = paragraphs(
        _("<b>Everybody will read this. Should it stay in?</b>"),
        _findings(state.findings),
        _("A NIK or NIP is never published. Please mask it or write the answer anew.") if never else None,
    )
    publish = () if never else (Choice(_p("button", "🌐 Publish as it is"), "publish"),)
    return Question(text, ((_MASK,), (_BACK, *publish)))


FLOW: Flow[Publishing] = Flow(
    name="publishing",
    title=_("An article"),
    states=TypeAdapter(Annotated[Publishing, Field(discriminator="step")]),
    advance=advance,
    question=question,
    look=lambda state: LookForSecrets(state.page),
    subject=lambda state: state.page.title,
)
