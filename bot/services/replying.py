"""What the asker's side does with a question: replies, thanks, doubts, grades, and second thoughts."""

from collections.abc import Callable, Mapping

from bot.buttons import row_number
from bot.flows import replying as flow
from bot.flows.composing import Part, part_of, says_something
from bot.flows.turns import Event, Wish
from bot.services import asking, question_letters, question_words, questions, threads
from bot.services.conversations import Begin, Grant, Reply
from bot.services.questions import NIK, number_word
from bot.services.remembered import parts_of
from bot.services.rights import Act
from bot.services.thanks import is_thanks
from bot.services.visits import Visit
from bot.texts import cut, mask_nik
from bot.words import Refusal, Say, _, lines
from db.models import Post, Question
from db.vocabulary import Closing, PostKind, QuestionState

# --- Buttons of the letters and of the thread


def clear(visit: Visit, subject: str, _version: int) -> Reply:
    """Thanks: the question ends, and may be graded. Pressed again it says so."""
    question = threads.asking(visit, subject)
    screen = f"question:{question.id}"
    if question.state is QuestionState.CLOSED:
        return Reply(toast=_("This question is finished already."), then=screen)
    if question.state is not QuestionState.ANSWERED:
        return Reply(toast=_("This question is open again; the mentor will answer."), then=screen)
    threads.close(visit.work, question, Closing.THANKED)
    return Reply(note=_("🙏 Thank you. <b>{number}</b> is finished.", number=number_word(question)), then=screen)


def unclear(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Within a week the same mentor has it again; later a new question begins that names this one."""
    question = threads.asking(visit, subject)
    if question.state in questions.OPEN:
        return _begin_reply(question, _("The mentor has it. You can add what is still unclear."))
    if threads.ended_long_ago(visit.work, question):
        words = _(
            "<b>{number}</b> ended more than a week ago, so this is a new question.", number=number_word(question)
        )
        return asking.begin(visit, follows=question, note=words)
    threads.reopen(visit, question)
    return _begin_reply(question, _reopened(visit, question))


def _reopened(visit: Visit, question: Question) -> Say:
    number = number_word(question)
    if question.mentor_id is None:
        return _("<b>{number}</b> is in the queue again. What is still unclear?", number=number)
    name = visit.work.person(question.mentor_id).name
    return _("<b>{number}</b> is open again, with {name}. What is still unclear?", number=number, name=name)


def begin_reply(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Write to the mentor: what was asked back, or something to add."""
    question = threads.asking(visit, subject)
    if question.state in questions.OPEN:
        return _begin_reply(question, None, _asked(visit, question))
    return unclear(visit, subject, _version)


def _begin_reply(question: Question, note: Say | None, asked: str = "") -> Begin:
    return Begin(
        flow.FLOW.name, flow.Replying(question_id=question.id, number=number_word(question), asked=asked), note
    )


def _asked(visit: Visit, question: Question) -> str:
    """What the mentor wanted to know last."""
    asked = [post for post in questions.thread(visit.work, question) if post.kind is PostKind.ASK_BACK]
    return cut(asked[-1].body, question_words.QUOTE) if asked and question.state is QuestionState.WAITING else ""


def rate(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Grade an answer (`<question>-<grade>`), once, and offer to add a word."""
    question_id, _dash, grade = subject.partition("-")
    question = threads.asking(visit, question_id)
    if question.state is QuestionState.ANSWERED:
        threads.close(visit.work, question, Closing.THANKED)
    if not threads.rate(visit, question, row_number(grade)):
        return Reply(toast=_("This question was graded already."), then=f"question:{question.id}")
    return Begin(
        flow.FLOW.name,
        flow.Grading(question_id=question.id, number=number_word(question), grade=row_number(grade)),
    )


def withdraw(visit: Visit, subject: str, _version: int) -> Reply:
    """Take a question back; it can be opened again."""
    question = threads.asking(visit, subject)
    threads.withdraw(visit, question)
    words = _("<b>{number}</b> was taken back. It can be opened again within 7 days.", number=number_word(question))
    return Reply(note=words, then=f"question:{question.id}")


def show_to_others(visit: Visit, subject: str, version: int) -> Reply:
    """Let other regions read a question once it is answered, or no longer."""
    question = threads.asking(visit, subject)
    if question.version == version:
        threads.show(visit, question, shared=not question.shared)
    toast = (
        _("Other regions may read it once it is answered, without your name.")
        if question.shared
        else _("Only your region and the mentors read it.")
    )
    return Reply(toast=toast, then=f"question:{question.id}")


def send_files(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the files of a thread once more."""
    question = questions.by_id(visit, subject, Act.SEE_QUESTION)
    found = [file for post in _posts_open_to(visit, question) for file in post.files]
    for file in found:
        question_letters.send_file(visit.work, question, file, visit.member, again=f":{visit.work.cause}")
    return Reply(toast=_("The files are on their way."))


def _posts_open_to(visit: Visit, question: Question) -> list[Post]:
    """Whose files a person may have: other regions only those of the answers."""
    notes = questions.allowed(visit, question, Act.ANSWER_QUESTION)
    posts = questions.thread(visit.work, question, notes=notes)
    party = threads.is_party(visit, question)
    return [post for post in posts if party or post.kind is PostKind.ANSWER]


def begin_correcting(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Write one of one's own posts anew (`<question>-<post>`)."""
    question_id, _dash, post_id = subject.partition("-")
    question = questions.by_id(visit, question_id, Act.ANSWER_QUESTION)
    post = _own_post(visit, question, row_number(post_id))
    return Begin(
        flow.FLOW.name,
        flow.Correcting(
            question_id=question.id, number=number_word(question), post_id=post.id, text=cut(post.body, 1500)
        ),
    )


def _own_post(visit: Visit, question: Question, post_id: int) -> Post:
    for post in questions.thread(visit.work, question, notes=True):
        if post.id == post_id and post.author_id == visit.member.id:
            return post
    raise Refusal(_("Only whoever wrote it can correct it."))


def reply_with(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """What was written a moment ago belongs to this question (`<question>-<update>`)."""
    question_id, _dash, update = subject.partition("-")
    question = threads.asking(visit, question_id)
    parts = parts_of(visit, update)
    return said(visit, question, parts[0]) if parts else _begin_reply(question, None, _asked(visit, question))


# --- Replies without a button


def native(visit: Visit, question_id: int, event: Event) -> Reply | Begin | None:
    """A Reply to a letter about a question, by the asker's side. None for whoever is not on it, or says nothing."""
    part = part_of(event)
    question = questions.by_id(visit, question_id, Act.SEE_QUESTION)
    if part is None or not threads.speaks_for(visit, question):
        return None
    return said(visit, question, part)


def said(visit: Visit, question: Question, part: Part) -> Reply | Begin:
    """The asker's words on a question: thanks end it, anything else goes on with it."""
    questions.require(visit, question, Act.ASK)
    screen = f"question:{question.id}"
    ended = question.state in (QuestionState.ANSWERED, QuestionState.CLOSED)
    if ended and part.file is None and (is_thanks(part.text) or not says_something((part,))):
        return _thanked(visit, question)
    if ended and threads.ended_long_ago(visit.work, question):
        words = _(
            "<b>{number}</b> ended more than a week ago, so this is a new question.", number=number_word(question)
        )
        return asking.begin(visit, follows=question, parts=(part,), note=words)
    if not says_something((part,)):
        raise Refusal(questions.EMPTY)
    waited = question.state is QuestionState.WAITING
    post = threads.reply(visit, question, (part,))
    return Reply(note=_added(question, part, waited=waited, known=post is None), then=screen)


def _thanked(visit: Visit, question: Question) -> Reply:
    if question.state is QuestionState.ANSWERED:
        threads.close(visit.work, question, Closing.THANKED)
    words = _("🙏 With pleasure. <b>{number}</b> is finished.", number=number_word(question))
    return Reply(note=words, then=f"question:{question.id}")


def _added(question: Question, part: Part, *, waited: bool, known: bool) -> Say:
    number = number_word(question)
    if known:
        words: Say = _("This stands in <b>{number}</b> already.", number=number)
    elif waited:
        words = _("Thank you. Your reply to <b>{number}</b> was passed on to the mentor.", number=number)
    else:
        words = _("It was added to <b>{number}</b>; the mentor sees it.", number=number)
    return lines(words, NIK if mask_nik(part.text)[1] else None)


def plain(visit: Visit, event: Event) -> Reply | Begin | None:
    """A message without a Reply, while a mentor waits for one: to the question that waits, if it is the only one."""
    part = part_of(event)
    if visit.person is None or part is None or not says_something((part,)):
        return None
    begun = _album_begun(visit, part)
    if begun is not None:
        return said(visit, begun, part)
    waiting = [one for one in threads.waiting_for(visit.work, visit.person.id) if threads.speaks_for(visit, one)]
    if len(waiting) == 1:
        return said(visit, waiting[0], part)
    return Reply(then=f"which:{visit.work.cause.removeprefix('update ')}") if waiting else None


def _album_begun(visit: Visit, part: Part) -> Question | None:
    """The question that has the first files of this album already."""
    if part.album is None:
        return None
    for post in questions.recent_posts(visit.work, visit.member.id, part.at - threads.EDITABLE):
        if any(known.get("album") == part.album for known in post.parts):
            return questions.by_id(visit, post.question_id, Act.SEE_QUESTION)
    return None


def edited(visit: Visit, event: Event) -> Reply | None:
    """A message of a thread that was edited in Telegram: the thread shows both versions. None for any other."""
    part = part_of(event)
    found = threads.edited(visit, part.key, part.text) if part and visit.person else None
    if part is None or found is None:
        return None
    words = _("The change was noted in <b>{number}</b>; both versions stay readable.", number=number_word(found))
    return Reply(note=lines(words, NIK if mask_nik(part.text)[1] else None))


# --- What the conversation wishes


def _add_reply(visit: Visit, wish: flow.AddReply) -> Say | Begin | None:
    done = said(visit, threads.asking(visit, wish.question_id), wish.part)
    return done if isinstance(done, Begin) else done.note


def _add_word(visit: Visit, wish: flow.AddGradeWord) -> None:
    threads.rate_in_words(visit, threads.asking(visit, wish.question_id), wish.text)


def _rewrite(visit: Visit, wish: flow.RewritePost) -> Say:
    question = questions.by_id(visit, wish.question_id, Act.ANSWER_QUESTION)
    if threads.correct(visit, question, _own_post(visit, question, wish.post_id), wish.text):
        return _("Corrected. The asker's copy is changed too.")
    return _("Nothing was changed.")


GRANTS: Mapping[type[Wish], Grant] = {
    flow.AddReply: _add_reply,
    flow.AddGradeWord: _add_word,
    flow.RewritePost: _rewrite,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "clear": clear,
    "unclear": unclear,
    "reply": begin_reply,
    "reply-with": reply_with,
    "rate": rate,
    "withdraw": withdraw,
    "show": show_to_others,
    "thread-files": send_files,
    "correct": begin_correcting,
}
