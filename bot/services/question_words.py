"""How questions are named, the same everywhere: one symbol and one word for each state, and the words of a post."""

from collections.abc import Mapping, Sequence

from bot.buttons import Row, do, look, row_number
from bot.services import announcement_letters
from bot.services.questions import number_word
from bot.services.work import Work
from bot.texts import cut
from bot.words import Plain, Say, _, _n, _p, lines
from db.models import Announcement, Post, Question
from db.vocabulary import Closing, QuestionState

SYMBOL: Mapping[QuestionState, str] = {
    QuestionState.NEW: "🆕",
    QuestionState.TAKEN: "✏️",
    QuestionState.WAITING: "⏳",
    QuestionState.ANSWERED: "💬",
    QuestionState.CLOSED: "✅",
}
STATE: Mapping[QuestionState, Say] = {
    QuestionState.NEW: _("new"),
    QuestionState.TAKEN: _("assigned"),
    QuestionState.WAITING: _("waits for the asker"),
    QuestionState.ANSWERED: _("answered"),
    QuestionState.CLOSED: _("finished"),
}
CLOSING: Mapping[Closing, Say] = {
    Closing.THANKED: _("finished"),
    Closing.SOLVED: _("finished"),
    Closing.SILENT: _("closed without a reply"),
    Closing.MERGED: _("joined with a question alike"),
    Closing.WITHDRAWN: _("taken back by the asker"),
}
# What of a question is quoted where its answer stands.
QUOTE = 300
# What of one post a message shows; more goes into further messages.
PART = 3000
TITLE = 48
RATINGS = (1, 2, 3, 4, 5)


def state_words(question: Question) -> Say:
    """The one name of a question's state."""
    return CLOSING[question.closing] if question.closing else STATE[question.state]


def title(post: Post) -> str:
    """A question in one line: its first words, else what was sent."""
    first = post.body.strip().partition("\n")[0].strip()
    return cut(first, TITLE) if first else f"📎 {len(post.files)}"


def quote(post: Post) -> Say:
    """The question as it stands above its answer."""
    text = Plain(cut(post.body, QUOTE)) if post.body else files_line(post)
    return _("<blockquote>{text}</blockquote>", text=text or "")


def files_line(post: Post) -> Say | None:
    """How many files a post has; None where it has none."""
    return _n("📎 {count} file", "📎 {count} files", len(post.files)) if post.files else None


def body(post: Post) -> Say:
    """A post's own words, with its files and whether it was changed."""
    return lines(
        Plain(post.body) if post.body else None,
        files_line(post),
        _("<i>(corrected)</i>") if post.corrected_at else None,
    )


def short(post: Post) -> str:
    """A post in a few lines, for a message that only tells of it."""
    return cut(post.body, QUOTE) if post.body else f"📎 {len(post.files)}"


def pieces(text: str) -> Sequence[str]:
    """A text in as many pieces as messages need; at least one."""
    return [text[start : start + PART] for start in range(0, len(text), PART)] or [""]


def about_line(work: Work, question: Question) -> Say | None:
    """The announcement, item or pillar a question is about, as far as it is known."""
    edition = work.programme.edition
    if announced := _announced(work, question):
        return _("About the announcement: {title}", title=announced)
    item = next((one.title for one in edition.items if one.key == question.item_key), None)
    pillar = next((one.title for one in edition.pillars if one.key == question.pillar), None)
    if item:
        return _("About the item: {item}", item=item)
    return _("Field: {pillar}", pillar=pillar) if pillar else None


def _announced(work: Work, question: Question) -> str:
    """The announcement to which the asker replied, by the key of its copy; empty where it was none."""
    kind, _colon, rest = (question.about or "").partition(":")
    found = work.session.get(Announcement, row_number(rest.partition(":")[0])) if kind == "announcement" else None
    return announcement_letters.title(found) if found else ""


def opening(question: Question) -> Row:
    """Opens the thread from any message."""
    return (look(_p("button", "Open {number}", number=number_word(question)), "question", question.id),)


def after_answer(question: Question) -> tuple[Row, ...]:
    """What the asker can say to an answer."""
    return (
        (do(_p("button", "👍 Thanks, clear"), "clear", question.id, question.version),),
        (do(_p("button", "🤔 Still unclear"), "unclear", question.id, question.version),),
    )


def after_closing(question: Question) -> tuple[Row, ...]:
    """What the asker can say to an ending: a grade where there was an answer, and that it is not over."""
    label = _p("button", "🤔 Still unclear") if question.first_answer_at else _p("button", "↩️ Open again")
    return (rating_row(question), (do(label, "unclear", question.id, question.version),))


def rating_row(question: Question) -> Row:
    """Five grades in one row; none before there is an answer and once it was rated."""
    if question.rating is not None or question.first_answer_at is None:
        return ()
    return tuple(do(Plain(f"{grade} ⭐"), "rate", f"{question.id}-{grade}", question.version) for grade in RATINGS)
