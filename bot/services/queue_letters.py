"""What mentors are told of their queue. The key begins with the question, so that a Reply to it is an answer."""

from collections.abc import Sequence

from bot.buttons import Row, do, look
from bot.program.regions import Region
from bot.services import question_letters, question_words, questions, targets, zones
from bot.services.question_words import opening
from bot.services.questions import number_word
from bot.services.work import Work
from bot.texts import cut
from bot.words import Moment, Plain, Say, _, _p, lines, paragraphs
from db.models import Post, Question
from db.vocabulary import PostKind

# Of the question on a card, and of each later post below it.
_BODY, _SHORT, _LAST = 2000, 300, 3
ANSWER = _p("button", "✍️ Answer")
NEXT = _p("button", "⏭ Take the next")


def region_of(work: Work, question: Question) -> Region:
    """The region that asks."""
    return work.programme.regions.by_code[question.region_code]


def _due(work: Work, question: Question, zone: str) -> Say | None:
    """By when the first answer is owed; nothing once there is one."""
    if question.first_answer_at:
        return None
    when = Moment(question.answer_due_at, zone)
    return (
        _("⚠️ Late since {when}", when=when) if question.answer_due_at < work.now else _("⏱ Answer by {when}", when=when)
    )


def card(work: Work, question: Question, zone: str) -> Say:
    """A question with all that a mentor needs for an answer: who asks, about what, by when, and what was said."""
    first, *later = questions.thread(work, question)
    return paragraphs(
        lines(
            _("❓ <b>{number}</b> · {region}", number=number_word(question), region=region_of(work, question).name),
            _who(first),
            question_words.about_line(work, question),
            _due(work, question, zone),
        ),
        lines(
            _("<blockquote>{text}</blockquote>", text=cut(first.body, _BODY)) if first.body else None,
            question_words.files_line(first),
        ),
        lines(*(_later(post) for post in later[-_LAST:])) if later else None,
    )


def brief(work: Work, question: Question, _zone: str) -> Say:
    """The same in a few lines, above a long answer."""
    return lines(
        _("❓ <b>{number}</b> · {region}", number=number_word(question), region=region_of(work, question).name),
        question_words.quote(questions.first_post(work, question)),
    )


def _who(post: Post) -> Say | None:
    author = post.author
    if author is None:
        return None
    return Plain(f"{author.name}, {author.position}" if author.position else author.name)


def _later(post: Post) -> Say:
    mark = {PostKind.ANSWER: "💬", PostKind.ASK_BACK: "🙋", PostKind.NOTE: "🗒"}.get(post.kind, "↩️")
    name = post.author.name if post.author else ""
    said = post.body.replace("\n", " ") if post.body else f"📎 {len(post.files)}"
    return _("{mark} <b>{name}:</b> {said}", mark=mark, name=name, said=cut(said, _SHORT))


def tell_given(work: Work, question: Question, person_id: int, *, note: Say | None = None) -> None:
    """Put a question before one person, without a sound outside their working hours. A Reply to it answers it."""
    person = work.person(person_id)
    zone = zones.own(person.id, person.timezone) or region_of(work, question).timezone
    working = targets.clock_of(work, person, question.region_code).is_working(work.now)
    work.tell(
        person_id,
        paragraphs(_("📥 A question for you"), note, card(work, question, zone), _REPLY),
        key=f"question:{question.id}:queued:{question.version}:{person_id}",
        rows=answering(question),
        silent=not working,
    )


_REPLY = _("<i>A Reply to this message is your answer; you see it once more before it is sent.</i>")


def answering(question: Question) -> tuple[Row, ...]:
    """What a mentor can do from any message about a question."""
    return ((do(ANSWER, "answer", question.id, question.version),), opening(question))


def tell_pool(work: Work, people: Sequence[int]) -> None:
    """Questions wait that nobody was given: at most one notice an hour for each mentor."""
    for person_id in people:
        work.tell(
            person_id,
            _("📥 Questions wait in the pool for whoever is free."),
            key=f"pool:{person_id}:{work.now:%Y%m%d%H}",
            rows=((do(NEXT, "next-question", 0),), (look(_p("button", "📥 Questions"), "queue"),)),
            silent=True,
        )


def tell_referred(work: Work, question: Question, where: Say, reason: str) -> None:
    """Whoever asked reads who answers now, and why: the number and the place in time stay."""
    words = _(
        "↪️ <b>{number}</b> was passed on to {where}.\n<blockquote>{reason}</blockquote>",
        number=number_word(question),
        where=where,
        reason=cut(reason, _SHORT),
    )
    for reader in question_letters.readers(work, question):
        work.tell(
            reader,
            words,
            key=f"question:{question.id}:referred:{question.version}:{reader}",
            rows=(opening(question),),
            silent=True,
        )
