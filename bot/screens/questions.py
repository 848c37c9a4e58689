"""Questions to look at: one's own, the region's, those that other regions share, and one question with its thread."""

from collections.abc import Iterator, Mapping, Sequence

from bot.buttons import Button, Row, do, look, pairs
from bot.screens import queue
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import deliveries, merging, question_words, questions, targets, threads
from bot.services.question_words import SYMBOL, about_line, state_words
from bot.services.questions import number_word
from bot.services.remembered import parts_of
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Clock, Day, Moment, Plain, Say, ShortDay, _, _n, _p, lines, paragraphs
from db.models import Post, Question
from db.vocabulary import PostKind, QuestionState

TITLE = _("Questions")
ASK = _p("button", "❓ Ask the mentors")
_LABEL = 42
# What one page of a thread shows, in characters of the posts themselves; Telegram takes 4,096 with all around them.
_PAGE_TEXT = 2600
_POST_TEXT = 2400
_EARLIER = 200
_MARK: Mapping[PostKind, str] = {
    PostKind.QUESTION: "❓",
    PostKind.ANSWER: "💬",
    PostKind.ASK_BACK: "🙋",
    PostKind.REPLY: "↩️",
    PostKind.NOTE: "🗒",
}
_LISTS = ("mine", "region", "shared")


def question_list(visit: Visit, which: str = "mine", number: str = "0") -> Screen:
    """One's own questions, those of the region, or answered ones that other regions share."""
    which = which if which in _LISTS else "mine"
    found = _found(visit, which)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    titles = questions.titles(visit.work, [one.id for one in shown])
    rows = tuple((look(_label(one, titles.get(one.id, "")), "question", one.id),) for one in shown)
    text = paragraphs(_HEADS[which], None if found else _EMPTY[which])
    ask = ((do(ASK, "ask", 0),),) if _asks(visit) else ()
    return Screen(text, (*_tabs(visit, which), *rows, *pager(f"questions:{which}", page, len(found)), *ask), (), "home")


_HEADS: Mapping[str, Say] = {
    "mine": _("❓ <b>My questions</b>"),
    "region": _("❓ <b>Questions of the region</b>"),
    "shared": _("🌐 <b>Answered questions of other regions</b>"),
}
_EMPTY: Mapping[str, Say] = {
    "mine": _("You have not asked anything yet. A mentor answers within the next working days."),
    "region": _("Your region has not asked anything yet."),
    "shared": _("No region has shared an answered question yet."),
}


def _asks(visit: Visit) -> bool:
    code = visit.region.code if visit.region else None
    return code is not None and visit.may(Act.ASK, Place(code))


def _found(visit: Visit, which: str) -> Sequence[Question]:
    match which:
        case "region" if visit.region:
            found = questions.of_region(visit.work, visit.region.code)
            return [one for one in found if questions.allowed(visit, one, Act.SEE_QUESTION)]
        case "shared":
            own = visit.region.code if visit.region else ""
            return [one for one in questions.shared_ones(visit.work) if one.region_code != own]
        case _:
            return questions.of_asker(visit.work, visit.member.id)


def _tabs(visit: Visit, which: str) -> tuple[Row, ...]:
    names: dict[str, Say] = {"mine": _p("button", "Mine"), "region": _p("button", "Region")}
    names["shared"] = _p("button", "Other regions")
    if visit.region is None:
        return ()
    return (tuple(_tab(key, name, chosen=key == which) for key, name in names.items()),)


def _tab(key: str, name: Say, *, chosen: bool) -> Button:
    return look(_p("button", "• {name}", name=name) if chosen else name, "questions", key, 0)


def _label(question: Question, title: str) -> Say:
    text = f"{SYMBOL[question.state]} {number_word(question)} {title}"
    return Plain(cut(text, _LABEL))


def thread(visit: Visit, question_id: str, number: str = "") -> Screen:
    """One question with everything said about it, in order, each with its name and the reader's local time."""
    question = questions.by_id(visit, question_id, Act.SEE_QUESTION)
    staff = questions.allowed(visit, question, Act.ANSWER_QUESTION)
    posts = _open_to(visit, question, questions.thread(visit.work, question, notes=staff))
    posts += _answers_elsewhere(visit, question)
    pages = _pages(posts)
    page = min(int(number), len(pages) - 1) if number.isdecimal() and len(number) < 6 else len(pages) - 1
    shown = [_post(visit, question, post, staff=staff) for post in pages[page]]
    standing = _standing(visit, question) or queue.collision(visit, question)
    text = paragraphs(_head(visit, question, staff=staff), *shown, standing)
    rows = (
        *_pager(question, page, len(pages)),
        *_asker_rows(visit, question),
        *queue.mentor_rows(visit, question),
        *pairs(_further(visit, question, posts, pages[page])),
    )
    return Screen(text, rows, (TITLE,), "queue" if staff else "questions" if _asks(visit) else "home")


def _further(visit: Visit, question: Question, posts: Sequence[Post], shown: Sequence[Post]) -> list[Button]:
    """What is needed less often, two in a row."""
    return [
        *queue.ending_buttons(visit, question),
        *_merge_button(visit, question),
        *_file_button(question, posts),
        *_correction_button(visit, question, shown),
    ]


def _open_to(visit: Visit, question: Question, posts: Sequence[Post]) -> list[Post]:
    """Other regions read what was asked and what was answered, not what went to and fro."""
    if threads.is_party(visit, question):
        return list(posts)
    return [post for post in posts if post.kind in (PostKind.QUESTION, PostKind.ANSWER)]


def _answers_elsewhere(visit: Visit, question: Question) -> list[Post]:
    """The answers to the question that this one was joined with."""
    main = visit.work.session.get(Question, question.merged_into_id) if question.merged_into_id else None
    posts = questions.thread(visit.work, main) if main else ()
    return [post for post in posts if post.kind is PostKind.ANSWER]


def _merge_button(visit: Visit, question: Question) -> tuple[Button, ...]:
    if not merging.may_merge(visit, question):
        return ()
    return (look(_p("button", "🔗 Asked already"), "merge", question.id),)


def by_number(visit: Visit, number: str) -> Screen:
    """The same by the number that people say: T-0042."""
    digits = number.upper().removeprefix("T-")
    found = questions.by_number(visit.work, int(digits)) if digits.isdecimal() and len(digits) < 9 else None
    return thread(visit, str(found.id if found else 0))


def _pages(posts: Sequence[Post]) -> list[list[Post]]:
    """As many posts to a page as can be read in one message; each page has one at least."""
    pages: list[list[Post]] = [[]]
    room = _PAGE_TEXT
    for post in posts:
        need = min(len(post.body), _POST_TEXT) + 120
        if need > room and pages[-1]:
            pages.append([])
            room = _PAGE_TEXT
        pages[-1].append(post)
        room -= need
    return pages


def _pager(question: Question, page: int, count: int) -> tuple[Row, ...]:
    if count < 2:
        return ()
    before = (look(Plain("◀"), "question", question.id, page - 1),) if page else ()
    after = (look(Plain("▶"), "question", question.id, page + 1),) if page + 1 < count else ()
    return ((*before, look(Plain(f"{page + 1}/{count}"), "question", question.id, page), *after),)


def _head(visit: Visit, question: Question, *, staff: bool) -> Say:
    region = visit.work.programme.regions.by_code[question.region_code].name
    follows = visit.work.session.get(Question, question.follows_id) if question.follows_id else None
    return lines(
        _(
            "<b>{number}</b> · {symbol} {state}",
            number=number_word(question),
            symbol=SYMBOL[question.state],
            state=state_words(question),
        ),
        Plain(region) if staff else None,
        about_line(visit.work, question),
        _("Follows {number}", number=number_word(follows)) if follows else None,
        _("🌐 Other regions may read it.") if question.shared else None,
        _mentor_line(visit, question),
        *_grade(question, staff=staff),
    )


def _grade(question: Question, *, staff: bool) -> Iterator[Say]:
    """The grade, and for mentors and coordinators alone what the asker said to it."""
    if question.rating is not None:
        yield _("Grade: {grade} of 5", grade=question.rating)
    if staff and question.rating_word:
        yield _("<blockquote>{text}</blockquote>", text=question.rating_word)


def _mentor_line(visit: Visit, question: Question) -> Say | None:
    if question.mentor_id is None or not threads.is_party(visit, question):
        return None
    return _("Mentor: {name}", name=visit.work.person(question.mentor_id).name)


def _post(visit: Visit, question: Question, post: Post, *, staff: bool) -> Say:
    return lines(
        _(
            "{mark} <b>{name}</b>, {day}, {clock}",
            mark=_MARK[post.kind],
            name=_author(visit, question, post),
            day=ShortDay(visit.local(post.at)),
            clock=Clock(post.at, visit.zone),
        ),
        _("<i>internal note</i>") if post.kind is PostKind.NOTE else None,
        Plain(cut(post.body, _POST_TEXT)) if post.body else None,
        question_words.files_line(post),
        *(_versions(visit, post) if threads.is_party(visit, question) else ()),
        _delivery(visit, question, post) if staff else None,
    )


def _author(visit: Visit, question: Question, post: Post) -> Say:
    if not threads.is_party(visit, question):
        return _("another region") if post.kind in (PostKind.QUESTION, PostKind.REPLY) else _("a mentor")
    return Plain(post.author.name) if post.author else _("former member")


def _versions(visit: Visit, post: Post) -> list[Say]:
    """What stood there before it was changed, and when it was."""
    if post.corrected_at is None:
        return []
    changed = _("<i>Changed {when}; before:</i>", when=Moment(post.corrected_at, visit.zone))
    earlier = [_("<blockquote>{text}</blockquote>", text=cut(one["body"], _EARLIER)) for one in post.earlier[-3:]]
    return [changed, *earlier]


def _delivery(visit: Visit, question: Question, post: Post) -> Say | None:
    """Whether an answer has reached the asker, for whoever gave it."""
    if post.kind not in (PostKind.ANSWER, PostKind.ASK_BACK):
        return None
    return deliveries.words(deliveries.of_post(visit.work, question, post))


def _standing(visit: Visit, question: Question) -> Say | None:
    """Place in the queue and when to expect an answer, while there is none."""
    if question.state not in (QuestionState.NEW, QuestionState.TAKEN) or not threads.speaks_for(visit, question):
        return _WAITS if question.state is QuestionState.WAITING and threads.speaks_for(visit, question) else None
    return _(
        "⏱ Place {place} in the queue. Expected answer: {day}.",
        place=targets.place_in_queue(visit.work, question),
        day=Day(visit.local(targets.expected(visit.work, question))),
    )


_WAITS = _("🙋 The mentor waits for your reply. The clock stands still until then.")


def _asker_rows(visit: Visit, question: Question) -> tuple[Row, ...]:
    """What the asker's side can do at this state."""
    if not threads.speaks_for(visit, question):
        return ()
    match question.state:
        case QuestionState.ANSWERED:
            return (*question_words.after_answer(question), _share_row(question))
        case QuestionState.CLOSED:
            return _closed_rows(visit, question)
        case QuestionState.WAITING:
            return ((do(_p("button", "✍️ Reply"), "reply", question.id, question.version),), _share_row(question))
        case _:
            add = do(_p("button", "✍️ Add something"), "reply", question.id, question.version)
            back = do(_p("button", "↩️ Take it back"), "withdraw", question.id, question.version)
            return ((add, back), _share_row(question))


def _closed_rows(visit: Visit, question: Question) -> tuple[Row, ...]:
    unclear = _p("button", "🤔 Still unclear") if question.first_answer_at else _p("button", "↩️ Open again")
    if threads.ended_long_ago(visit.work, question):
        unclear = _p("button", "❓ Ask further")
    grades = (question_words.rating_row(question),) if question.first_answer_at and question.rating is None else ()
    return (*grades, (do(unclear, "unclear", question.id, question.version),))


def _share_row(question: Question) -> Row:
    label = _p("button", "🔒 Only my region") if question.shared else _p("button", "🌐 Let others read it")
    return (do(label, "show", question.id, question.version),)


def _file_button(question: Question, posts: Sequence[Post]) -> tuple[Button, ...]:
    count = sum(len(post.files) for post in posts)
    label = _n("📎 Send {count} file", "📎 Send {count} files", count)
    return (do(label, "thread-files", question.id, question.version),) if count else ()


def _correction_button(visit: Visit, question: Question, posts: Sequence[Post]) -> tuple[Button, ...]:
    """For a mentor's own latest answer."""
    own = [post for post in posts if post.kind is PostKind.ANSWER and post.author_id == visit.member.id]
    if not own or not questions.allowed(visit, question, Act.ANSWER_QUESTION):
        return ()
    return (do(_p("button", "✏️ Correct"), "correct", f"{question.id}-{own[-1].id}", question.version),)


def which(visit: Visit, update_id: str) -> Screen:
    """Several mentors wait for a reply: which of them does the message that was just written belong to?"""
    waiting = [one for one in threads.waiting_for(visit.work, visit.member.id) if threads.speaks_for(visit, one)]
    titles = questions.titles(visit.work, [one.id for one in waiting])
    rows = tuple(
        (do(_label(one, titles.get(one.id, "")), "reply-with", f"{one.id}-{update_id}", one.version),)
        for one in waiting[:PAGE]
    )
    parts = parts_of(visit, update_id)
    quoted = _("<blockquote>{text}</blockquote>", text=cut(parts[0].text, 300)) if parts and parts[0].text else None
    new = ((do(_p("button", "❓ A new question"), "question", update_id),),)
    return Screen(paragraphs(_("Which question does this belong to?"), quoted), (*rows, *new), (TITLE,), "home")


SCREENS: Mapping[str, Draw] = {
    "questions": question_list,
    "question": thread,
    "question-no": by_number,
    "which": which,
}
