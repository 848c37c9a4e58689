"""The mentor's list: what waits, oldest first; what they have; and how much everybody has."""

from collections.abc import Mapping, Sequence

from bot.buttons import Button, Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import claims, deliveries, question_words, questions, queue
from bot.services.question_words import SYMBOL
from bot.services.questions import number_word
from bot.services.queue import Load
from bot.services.queue_letters import ANSWER, NEXT
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Clock, Plain, Say, ShortDay, _, _n, _p, lines, listed, paragraphs
from db.models import Question
from db.vocabulary import QuestionState, Role

TITLE = _("Questions")
_LABEL = 44
_LINE = 90
_MINE = (QuestionState.TAKEN, QuestionState.WAITING, QuestionState.ANSWERED, QuestionState.CLOSED)


def waiting_list(visit: Visit, which: str = "me", number: str = "0") -> Screen:
    """What waits for this person, or everything that waits; oldest first, each with the time its answer is due."""
    visit.require(Act.SEE_QUEUE)
    which = which if which in ("me", "all") else "me"
    found = queue.turn(visit) if which == "me" else queue.all_waiting(visit)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("📥 <b>Questions</b>"),
        _n("{count} question waits, the oldest first.", "{count} questions wait, the oldest first.", len(found))
        if found
        else _EMPTY[which],
        *_lines(visit, shown),
    )
    return Screen(text, _list_rows(visit, which, page, found), (TITLE,), "home")


_EMPTY: Mapping[str, Say] = {
    "me": _("Nothing waits for you. 👍 Under “All” stands what colleagues have."),
    "all": _("Nobody waits for an answer. 👍"),
}


def _list_rows(visit: Visit, which: str, page: int, found: Sequence[Question]) -> tuple[Row, ...]:
    shown = found[page * PAGE : (page + 1) * PAGE]
    numbers = tuple(look(Plain(number_word(one)), "question", one.id) for one in shown)
    take = ((do(NEXT, "next-question", 0),),) if any(one.state is QuestionState.NEW for one in found) else ()
    tabs = tuple(
        look(_p("button", "• {name}", name=name) if key == which else name, "queue", key, 0)
        for key, name in (("me", _p("button", "For me")), ("all", _p("button", "All")))
    )
    last = (look(_p("button", "🗂 My answers"), "my-answers"), look(_p("button", "⚖️ Load"), "load"))
    rows = tuple(numbers[start : start + 4] for start in range(0, len(numbers), 4))
    return (*take, tabs, *rows, *pager(f"queue:{which}", page, len(found)), last)


def _lines(visit: Visit, shown: Sequence[Question]) -> list[Say]:
    titles = questions.titles(visit.work, [one.id for one in shown])
    holders = visit.work.people([_holder(one) for one in shown])
    others = {key: person.name for key, person in holders.items() if key != visit.member.id}
    return [_line(visit, one, titles.get(one.id, ""), others.get(_holder(one), "")) for one in shown]


def _holder(question: Question) -> int:
    """Who has it, else before whom it was put; 0 for the pool."""
    return question.mentor_id or question.routed_to_id or 0


def _line(visit: Visit, question: Question, title: str, holder: str) -> Say:
    region = visit.work.programme.regions.by_code[question.region_code].name
    due = question.solution_due_at if question.first_answer_at else question.answer_due_at
    late = due < visit.work.now and question.state is not QuestionState.WAITING
    day, clock = ShortDay(visit.local(due)), Clock(due, visit.zone)
    return lines(
        _(
            "{symbol} <b>{number}</b> · {region}",
            symbol="⚠️" if late else SYMBOL[question.state],
            number=number_word(question),
            region=region,
        ),
        Plain(cut(title, _LINE)) if title else Plain("📎"),
        _("<i>late since {day}, {clock}</i>", day=day, clock=clock)
        if late
        else _("<i>due {day}, {clock}</i>", day=day, clock=clock),
        _with_whom(question, holder) if holder else None,
    )


def _with_whom(question: Question, name: str) -> Say:
    return _("with {name}", name=name) if question.mentor_id else _("given to {name}", name=name)


def my_answers(visit: Visit, number: str = "0") -> Screen:
    """What this person has or had: taken, waiting for the asker, answered, finished; newest movement first."""
    visit.require(Act.SEE_QUEUE)
    found = sorted(
        questions.of_mentor(visit.work, visit.member.id, _MINE), key=lambda one: (_MINE.index(one.state), -one.id)
    )
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    titles = questions.titles(visit.work, [one.id for one in shown])
    lost = deliveries.undelivered(visit.work, shown)
    rows = tuple(
        (look(_own_label(one, titles.get(one.id, ""), lost=one.id in lost), "question", one.id),) for one in shown
    )
    text = paragraphs(
        _("🗂 <b>My answers</b>"),
        _states(found) if found else _("You have not taken any question yet. “Take the next” in the list begins."),
        _("⚠️ An answer marked like this did not arrive; open it to see why.") if lost else None,
    )
    return Screen(text, (*rows, *pager("my-answers", page, len(found))), (TITLE,), "queue")


def _own_label(question: Question, title: str, *, lost: bool) -> Say:
    mark = "⚠️" if lost else SYMBOL[question.state]
    return Plain(cut(f"{mark} {number_word(question)} {title}", _LABEL))


def _states(found: Sequence[Question]) -> Say:
    counted = [(state, sum(one.state is state for one in found)) for state in _MINE]
    return lines(
        *(
            _("{symbol} {state}: <b>{count}</b>", symbol=SYMBOL[state], state=question_words.STATE[state], count=count)
            for state, count in counted
            if count
        )
    )


def load(visit: Visit) -> Screen:
    """What every mentor has now: taken, given but not taken, and asked back; most first."""
    visit.require(Act.SEE_QUEUE)
    loads = queue.loads(visit.work)
    people = {**queue.mentors(visit.work), **visit.work.people(list(loads))}
    ranked = sorted(people.values(), key=lambda one: (-loads.get(one.id, Load()).busy, one.name))
    text = paragraphs(
        _("⚖️ <b>Load of the mentors</b>"),
        lines(*(_load_line(one.name, loads.get(one.id, Load())) for one in ranked[:_MANY]))
        if ranked
        else _("No mentor has joined yet. A coordinator can invite one."),
        _("<i>Each is given at most {count}; further ones wait in the pool.</i>", count=queue.CAPACITY),
    )
    return Screen(text, (), (TITLE,), "queue")


_MANY = 30


def _load_line(name: str, one: Load) -> Say:
    return _(
        "{name}: <b>{busy}</b> (taken {taken}, to take {given}, waiting for askers {asked})",
        name=name,
        busy=one.busy,
        taken=one.taken,
        given=one.given,
        asked=one.asked,
    )


# --- On the page of a question


def mentor_rows(visit: Visit, question: Question) -> tuple[Row, ...]:
    """What this mentor can do with a question; empty for whoever may not answer it."""
    if not questions.allowed(visit, question, Act.ANSWER_QUESTION):
        return ()
    return (*_answer_rows(visit, question), *_give_rows(visit, question))


def _answer_rows(visit: Visit, question: Question) -> tuple[Row, ...]:
    note = do(_p("button", "🗒 Note"), "annotate", question.id, question.version)
    if question.state is QuestionState.CLOSED or claims.hindrance(visit, question) is not None:
        return ((note,),)
    answer = do(ANSWER, "answer", question.id, question.version)
    ask = do(_p("button", "🙋 Ask back"), "ask-back", question.id, question.version)
    first: Row = (answer,)
    if question.mentor_id is None:
        first = (answer, do(_p("button", "📥 Take it"), "take", question.id, question.version))
    return (first, (ask, note))


def _give_rows(visit: Visit, question: Question) -> tuple[Row, ...]:
    if not claims.may_pass(visit, question):
        return ()
    passing = do(_p("button", "↪️ Pass on"), "pass-on", question.id, question.version)
    refer = do(_p("button", "🚫 Not for us"), "refer", question.id, question.version)
    return ((passing, refer),)


def ending_buttons(visit: Visit, question: Question) -> list[Button]:
    """How this mentor is done with a question: it goes back, is solved, or its answer becomes an article for all."""
    if not questions.allowed(visit, question, Act.ANSWER_QUESTION):
        return []
    found: list[Button] = []
    mine = question.mentor_id == visit.member.id
    if mine and question.state in questions.OPEN:
        found.append(do(_p("button", "↩️ Give it back"), "release", question.id, question.version))
    if mine and question.state is QuestionState.ANSWERED:
        found.append(do(_p("button", "✅ Mark as solved"), "solve", question.id, question.version))
    if question.first_answer_at is not None and visit.may(Act.WRITE_ARTICLE):
        found.append(do(_p("button", "🌐 Publish"), "publish", question.id))
    return found


def collision(visit: Visit, question: Question) -> Say | None:
    """Who else has this question open, and whether somebody has begun to answer."""
    if not questions.allowed(visit, question, Act.ANSWER_QUESTION):
        return None
    others = claims.others_looking(visit, question)
    draft = _("📝 An answer was begun; it stands in the draft.") if question.draft else None
    looking = _("👀 Also looking at it: {names}", names=listed(map(Plain, others))) if others else None
    return lines(draft, looking) if draft or looking else None


def waiting_words(visit: Visit) -> Say:
    """How many questions wait for this person, for the home screen."""
    count = len(queue.turn(visit))
    if not count:
        return _("No question waits for you. 👍")
    return _n("❓ {count} question waits for you.", "❓ {count} questions wait for you.", count)


def home_row(visit: Visit) -> Row:
    """The way to the questions from home, with how many wait."""
    count = len(queue.turn(visit))
    label = _p("button", "❓ Questions ({count})", count=count) if count else _p("button", "❓ Questions")
    last = _p("button", "⚡ Ready answers") if _is_mentor(visit) else _p("button", "🗂 My answers")
    return (look(label, "queue"), look(last, "canned" if _is_mentor(visit) else "my-answers"))


def _is_mentor(visit: Visit) -> bool:
    return visit.seat is not None and visit.seat.role is Role.MENTOR


SCREENS: Mapping[str, Draw] = {"queue": waiting_list, "my-answers": my_answers, "load": load}
