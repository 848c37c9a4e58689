"""What askers and mentors are told of a question. Every key begins with the question, so that a Reply belongs to it."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import select

from bot.buttons import Row, do
from bot.services import holders, question_words, seats
from bot.services.question_words import after_answer, opening
from bot.services.questions import first_post, number_word, thread
from bot.services.rights import Act, may
from bot.services.rights import Place as RightsPlace
from bot.services.work import Work
from bot.words import Plain, Say, _, _p, lines, paragraphs
from db.models import OutboxMessage, Person, Post, PostFile, Question
from db.vocabulary import EvidenceKind, Lane, OutboxState, Policy, PostKind, QuestionState, Role

Told = Callable[..., Say]

_METHODS = {
    EvidenceKind.DOCUMENT: "sendDocument",
    EvidenceKind.PHOTO: "sendPhoto",
    EvidenceKind.VIDEO: "sendVideo",
    EvidenceKind.VOICE: "sendVoice",
}


def noted(number: str, name: str) -> Say:
    """A mentor left a word for the other mentors."""
    return _("🗒 {name} left an internal note on {number}.", number=number, name=name)


def replied(number: str, name: str) -> Say:
    """The asker has answered what was asked back."""
    return _("↩️ {name} replied to your question back. {number} is yours to answer again.", number=number, name=name)


def added(number: str, name: str) -> Say:
    """The asker wrote more before the answer."""
    return _("📎 {name} added something to {number}.", number=number, name=name)


def changed(number: str, name: str) -> Say:
    """The asker has edited what stood there."""
    return _("✏️ {name} changed their words in {number}. It now reads:", number=number, name=name)


def reopened(number: str, name: str) -> Say:
    """The answer was not clear to the asker."""
    return _("🤔 {number} is still unclear to {name}. It is yours again.", number=number, name=name)


def withdrawn(number: str, name: str) -> Say:
    """The asker needs no answer any more."""
    return _("↩️ {name} has taken {number} back. Nothing is to be done.", number=number, name=name)


def audience(work: Work, question: Question) -> list[Question]:
    """The question and those joined with it: all whose askers hear the answer."""
    joined = select(Question).where(Question.merged_into_id == question.id).order_by(Question.id)
    return [question, *work.session.scalars(joined)]


def readers(work: Work, question: Question) -> list[int]:
    """Who hears for the region: whoever asked, while they belong to it, else its leads, else its officials."""
    asker = work.person(question.asker_id)
    place = RightsPlace(question.region_code)
    if not asker.suspended_at and any(may(seat, Act.ASK, place) for seat in seats.of_person(work, asker.id)):
        return [asker.id]
    found = holders.holders(work, {Role.LEAD}, question.region_code)
    found = found or holders.holders(work, {Role.OFFICIAL}, question.region_code)
    return [person.id for person in found]


def tell_answer(work: Work, question: Question, post: Post, *, only: Question | None = None) -> None:
    """Send an answer, the question quoted above it, to everybody who asked it; long ones in several messages."""
    whole = _whole(work, post)
    for one in [only] if only else audience(work, question):
        for reader in readers(work, one):
            _send_files(work, one, whole, reader)
            for place, say, rows in _answer_pieces(work, one, whole):
                work.tell(reader, say, key=_answer_key(one, whole, place, reader), rows=rows)


def _answer_key(question: Question, post: Post, place: int, reader: int) -> str:
    return f"question:{question.id}:answer:{post.id}:{place}:{reader}"


def first_key(kind: PostKind, post_id: int, question_id: int, reader: int) -> str:
    """The key of the first message that carries a mentor's post to one reader."""
    return f"question:{question_id}:{kind.value}:{post_id}:0:{reader}"


def keys_of(work: Work, question: Question, post: Post) -> list[str]:
    """The keys of the messages that carry a post to all who asked: files, words, and their newest wording."""
    files = list(work.session.scalars(select(PostFile.id).where(PostFile.post_id == post.id).order_by(PostFile.id)))
    return [
        key
        for one in audience(work, question)
        for reader in readers(work, one)
        for key in (*(_file_key(one, file_id, reader) for file_id in files), *_wordings(one, post, reader))
    ]


def _wordings(question: Question, post: Post, reader: int) -> list[str]:
    keys = _keys(question, post, reader)
    return keys + [_corrected_key(key, len(post.earlier)) for key in keys] if post.earlier else keys


def _corrected_key(key: str, times: int) -> str:
    return f"{key}:corrected:{times}"


def _file_key(question: Question, file_id: int, reader: int) -> str:
    return f"question:{question.id}:file:{file_id}:{reader}"


def _keys(question: Question, post: Post, reader: int) -> list[str]:
    match post.kind:
        case PostKind.ANSWER:
            return [
                _answer_key(question, post, place, reader) for place in range(len(question_words.pieces(post.body)))
            ]
        case PostKind.ASK_BACK:
            return [_ask_back_key(question, post, reader)]
        case _:
            return []


def _answer_pieces(work: Work, question: Question, post: Post) -> list[tuple[int, Say, tuple[Row, ...]]]:
    pieces = question_words.pieces(post.body)
    author = post.author.name if post.author else ""
    head = lines(
        _("💬 <b>{number}</b> · answer of {name}", number=number_word(question), name=author),
        question_words.quote(first_post(work, question)),
    )
    found: list[tuple[int, Say, tuple[Row, ...]]] = []
    for place, piece in enumerate(pieces):
        last = place == len(pieces) - 1
        say = paragraphs(head if place == 0 else None, Plain(piece) if piece else None, _end(post) if last else None)
        found.append((place, say, after_answer(question) if last else ()))
    return found


def _end(post: Post) -> Say | None:
    corrected = _("<i>(corrected)</i>") if post.corrected_at else None
    return lines(question_words.files_line(post), corrected) if post.files or corrected else None


def tell_ask_back(work: Work, question: Question, post: Post) -> None:
    """Put the mentor's question to the asker; any way of answering will do."""
    whole = _whole(work, post)
    for reader in readers(work, question):
        _send_files(work, question, whole, reader)
        work.tell(
            reader, _ask_back(work, question, whole), key=_ask_back_key(question, post, reader), rows=_prompt(question)
        )


def _ask_back_key(question: Question, post: Post, reader: int) -> str:
    return f"question:{question.id}:ask_back:{post.id}:0:{reader}"


def _prompt(question: Question) -> tuple[Row, ...]:
    return ((do(_p("button", "✍️ Reply"), "reply", question.id, question.version),), opening(question))


def _ask_back(work: Work, question: Question, post: Post) -> Say:
    return paragraphs(
        lines(
            _(
                "🙋 <b>{number}</b> · {name} asks",
                number=number_word(question),
                name=post.author.name if post.author else "",
            ),
            question_words.quote(first_post(work, question)),
        ),
        question_words.body(post),
        _(
            "Please reply here: as a Reply to this message, with the button, or simply write. A photo or file will do "
            "too."
        ),
    )


def tell_mentor(work: Work, question: Question, post: Post | None, told: Told) -> None:
    """Tell the mentor who has the question what happened to it, with the words that were added."""
    if question.mentor_id is None:
        return
    whole = _whole(work, post) if post else None
    author = whole.author if whole else work.person(question.asker_id)
    said = _("<blockquote>{text}</blockquote>", text=question_words.short(whole)) if whole else None
    work.tell(
        question.mentor_id,
        lines(told(number_word(question), author.name if author else ""), said),
        key=f"question:{question.id}:told:{question.version}:{_said(post)}:{question.mentor_id}",
        rows=(*_to_answer(question), opening(question)),
    )


def _said(post: Post | None) -> str:
    """Which words: a post, in which of its wordings."""
    return f"{post.id}.{len(post.earlier)}" if post else "0"


def _to_answer(question: Question) -> tuple[Row, ...]:
    """The way to the answer, where one is owed."""
    if question.state is not QuestionState.TAKEN:
        return ()
    return ((do(_p("button", "✍️ Answer"), "answer", question.id, question.version),),)


def tell_nudge(work: Work, question: Question) -> None:
    """Once, where nobody has replied: what the mentor still wants to know."""
    asked = [post for post in thread(work, question) if post.kind is PostKind.ASK_BACK]
    for reader in readers(work, question):
        work.tell(
            reader,
            lines(
                _("🔔 The mentor still waits for your reply to <b>{number}</b>.", number=number_word(question)),
                question_words.quote(asked[-1]) if asked else None,
                _("Without a reply the question is closed in 2 working days; it can be opened again."),
            ),
            key=f"question:{question.id}:nudge:{asked[-1].id if asked else 0}:{reader}",
            rows=_prompt(question),
        )


def tell_closed(work: Work, question: Question) -> None:
    """The question ended without the asker's word; it can still be opened again."""
    words = _(
        "✅ <b>{number}</b> was closed ({why}). If it is still unclear, it can be opened again within 7 days.",
        number=number_word(question),
        why=question_words.state_words(question),
    )
    for reader in readers(work, question):
        work.tell(
            reader,
            lines(words, question_words.quote(first_post(work, question))),
            key=f"question:{question.id}:closed:{question.version}:{reader}",
            rows=(*question_words.after_closing(question), opening(question)),
            silent=True,
        )


def tell_merged(work: Work, question: Question) -> None:
    """Somebody asked just this before: one answer goes to both."""
    words = _(
        "🔗 <b>{number}</b> was joined with a question that asks the same. The answer comes to you here.",
        number=number_word(question),
    )
    for reader in readers(work, question):
        work.tell(
            reader, words, key=f"question:{question.id}:merged:{question.version}:{reader}", rows=(opening(question),)
        )


def tell_correction(work: Work, question: Question, post: Post) -> None:
    """Bring the copies of a corrected post up to date: what was sent is edited, what is new is sent."""
    whole = _whole(work, post)
    for one in audience(work, question):
        for reader in readers(work, one):
            for key, say, rows in _copies(work, one, whole, reader):
                _rewrite(work, reader, key, say, rows, len(post.earlier))


def _copies(work: Work, question: Question, post: Post, reader: int) -> Sequence[tuple[str, Say, tuple[Row, ...]]]:
    match post.kind:
        case "answer":
            return [
                (_answer_key(question, post, place, reader), say, rows)
                for place, say, rows in _answer_pieces(work, question, post)
            ]
        case "ask_back":
            return [(_ask_back_key(question, post, reader), _ask_back(work, question, post), _prompt(question))]
        case _:
            return []


def tell_again(work: Work, question: Question, post: Post, reader: int, lost: Collection[str]) -> None:
    """Send what of a post was lost on its way to one reader, by the keys it went under, in its present wording."""
    whole = _whole(work, post)
    for file in whole.files:
        if _file_key(question, file.id, reader) in lost:
            send_file(work, question, file, reader)
    for key, say, rows in _copies(work, question, whole, reader):
        if key in lost:
            work.tell(reader, say, key=key, rows=rows)
        elif any(one.startswith(_corrected_key(key, 0)[:-1]) for one in lost):
            _rewrite(work, reader, key, say, rows, len(post.earlier))


def _rewrite(work: Work, reader: int, key: str, say: Say, rows: tuple[Row, ...], times: int) -> None:
    """Edit the message that was sent under a key; where none arrived, send the new wording."""
    sent = work.session.scalar(select(OutboxMessage).where(OutboxMessage.unique_key == key))
    more: dict[str, Any] = {}
    if sent is not None and sent.message_id is not None:
        more = {"method": "editMessageText", "message_id": sent.message_id, "policy": Policy.REPEATABLE}
    elif sent is not None and sent.state is OutboxState.WAITING:
        sent.state = OutboxState.CANCELLED
    work.tell(reader, say, key=_corrected_key(key, times), rows=rows, **more)


def _send_files(work: Work, question: Question, post: Post, reader: int) -> None:
    for file in post.files:
        send_file(work, question, file, reader)


def send_file(work: Work, question: Question, file: PostFile, reader: Person | int, *, again: str = "") -> None:
    """Send a file of a thread by Telegram's own number; `again` lets it go another time."""
    person_id = reader if isinstance(reader, int) else reader.id
    method = "sendAudio" if file.kind is EvidenceKind.VOICE and file.name else _METHODS[file.kind]
    work.tell(
        person_id,
        _("📎 <b>{number}</b> {name}", number=number_word(question), name=file.name),
        key=_file_key(question, file.id, person_id) + again,
        method=method,
        file_id=file.file_id,
        protect=False,
        lane=Lane.REPLY if again else Lane.NOTICE,
    )


def _whole(work: Work, post: Post) -> Post:
    """The post with its author and files read."""
    work.session.refresh(post, ["author", "files"])
    return post
