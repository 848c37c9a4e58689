"""Answering a question: how it begins, what its conversation wishes, and the next one that comes by itself."""

from collections.abc import Callable, Mapping

from pydantic import TypeAdapter

from bot.flows import answering as flow
from bot.flows import passing
from bot.flows.answering import Card, Late, Mode, Writing
from bot.flows.composing import Part, Parts, part_of, says_something
from bot.flows.turns import Event, Told, Wish
from bot.services import canned, claims, questions, queue, queue_letters, replying, threads
from bot.services.conversations import Begin, Grant, Reply
from bot.services.questions import number_word
from bot.services.queue import Load
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import cut, mask_nik
from bot.words import Plain, Say, _, lines, listed, paragraphs
from db.models import Question
from db.vocabulary import QuestionState

_PARTS: TypeAdapter[Parts] = TypeAdapter(Parts)
_LABEL = 36
NOTHING = _("Nothing waits for you. 👍")

# --- Beginning


def answer(visit: Visit, subject: str, _version: int) -> Begin:
    """Take a question and begin its answer. Raises `Refusal` that names whoever was faster."""
    return begin(visit, claims.claim(visit, subject), Mode.ANSWER)


def ask_back(visit: Visit, subject: str, _version: int) -> Begin:
    """Take a question and ask the asker for more."""
    return begin(visit, claims.claim(visit, subject), Mode.ASK_BACK)


def annotate(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin a word to the other mentors, whoever has the question."""
    return begin(visit, questions.by_id(visit, subject, Act.ANSWER_QUESTION), Mode.NOTE)


def take_next(visit: Visit, _subject: str, _version: int) -> Begin | Reply:
    """Take the question that has waited longest, and begin its answer."""
    visit.require(Act.SEE_QUEUE)
    question = claims.claim_next(visit)
    return begin(visit, question, Mode.ANSWER) if question else Reply(toast=NOTHING, then="queue")


def begin(visit: Visit, question: Question, mode: Mode, note: Say | None = None) -> Begin:
    """Open the answer to a question with the draft that was left there. The screen below is the question."""
    visit.chat.screen = f"question:{question.id}"
    parts = draft_of(question) if mode is Mode.ANSWER else ()
    left = _("There is a draft that was not sent yet.") if parts else None
    return Begin(flow.FLOW.name, Writing(card=_card(visit, question), mode=mode, parts=parts), _notes(note, left))


def native(visit: Visit, question_id: int, event: Event) -> Begin | None:
    """A mentor's native Reply to a message about a question: the words stand in the preview, one tap from sending.

    None for what cannot be an answer, and for whoever may not give one.
    """
    part, question = part_of(event), questions.by_id(visit, question_id, Act.SEE_QUESTION)
    if part is None or not says_something((part,)) or not questions.allowed(visit, question, Act.ANSWER_QUESTION):
        return None
    before = draft_of(question)
    parts = before if any(known.key == part.key for known in before) else (*before, part)
    late = _keep(visit, flow.KeepDraft(question.id, parts))
    visit.chat.screen = f"question:{question.id}"
    card = _card(visit, question)
    if late is not None:
        return Begin(flow.FLOW.name, flow.TooLate(card=card, parts=(part,), why=Late(late.facts[1])))
    return Begin(flow.FLOW.name, Writing(card=card, parts=parts))


def _notes(*notes: Say | None) -> Say | None:
    return paragraphs(*notes) if any(notes) else None


# --- Drafts


def draft_of(question: Question) -> Parts:
    """The parts of an answer that somebody began."""
    return _PARTS.validate_json(question.draft) if question.draft else ()


def _save_draft(work: Work, question: Question, parts: Parts) -> None:
    masked = tuple(part.model_copy(update={"text": mask_nik(part.text)[0]}) for part in parts)
    question.draft = _PARTS.dump_json(masked).decode() if masked else ""
    question.active_at = work.now
    work.session.flush()


# --- What the conversation wishes


def _look(visit: Visit, wish: flow.LookAtQuestion) -> Told:
    question = questions.by_id(visit, wish.question_id, Act.ANSWER_QUESTION)
    late = None if wish.mode is Mode.NOTE else _late(visit, question)
    return late or Told("card", (_card(visit, question, brief=wish.brief),))


def _late(visit: Visit, question: Question) -> Told | None:
    words = claims.hindrance(visit, question)
    if words is None:
        return None
    card = Card(question_id=question.id, number=number_word(question), shown=lines(_head(visit, question), words))
    why = Late.CLOSED if question.state is QuestionState.CLOSED else Late.TAKEN
    return Told("late", (card, why.value))


def _head(visit: Visit, question: Question) -> Say:
    region = queue_letters.region_of(visit.work, question)
    return _("❓ <b>{number}</b> · {region}", number=number_word(question), region=region.name)


def _card(visit: Visit, question: Question, *, brief: bool = False) -> Card:
    thread = questions.thread(visit.work, question)
    draw = queue_letters.brief if brief else queue_letters.card
    others = claims.others_looking(visit, question)
    looking = _("👀 Also looking at it: {names}", names=listed(map(Plain, others))) if others else None
    return Card(
        question_id=question.id,
        number=number_word(question),
        files=sum(len(post.files) for post in thread),
        shown=paragraphs(draw(visit.work, question, visit.zone), looking),
    )


def _keep(visit: Visit, wish: flow.KeepDraft) -> Told | None:
    """The first words take the question; if somebody else was faster nothing is written over theirs."""
    question = claims.locked(visit, wish.question_id)
    late = _late(visit, question)
    if late is not None:
        return late
    if wish.parts and question.state is not QuestionState.ANSWERED:
        claims.claim(visit, question.id)
    _save_draft(visit.work, question, wish.parts)
    return None


def _send(visit: Visit, wish: flow.SendWords) -> Begin | Say:
    """Send what was written; the next question comes by itself."""
    question = claims.locked(visit, wish.question_id)
    number = number_word(question)
    if wish.mode is Mode.NOTE:
        threads.note(visit, question, wish.parts)
        return _("🗒 The note stands with {number}; the asker does not see it.", number=number)
    claims.claim(visit, question.id)
    if wish.mode is Mode.ASK_BACK:
        threads.ask_back(visit, question, wish.parts)
        sent = _("🙋 Asked back: {number}. The clock stands still.", number=number)
    else:
        threads.answer(visit, question, wish.parts)
        sent = _("✅ The answer to {number} is on its way.", number=number)
    masked = questions.NIK if any(mask_nik(part.text)[1] for part in wish.parts) else None
    return _onward(visit, question, lines(sent, masked))


def _onward(visit: Visit, question: Question, note: Say) -> Begin | Say:
    """The next one that waits for this mentor; it is theirs once they write."""
    waiting = [one for one in queue.turn(visit) if one.id != question.id]
    return begin(visit, waiting[0], Mode.ANSWER, note) if waiting else paragraphs(note, NOTHING)


def _next(visit: Visit, wish: flow.NextQuestion) -> Begin | Say:
    """The one that has waited longest after this one; behind the last comes the first."""
    ids = [one.id for one in queue.turn(visit)]
    place = ids.index(wish.question_id) + 1 if wish.question_id in ids else 0
    others = [one for one in (*ids[place:], *ids[:place]) if one != wish.question_id]
    if not others:
        return _("There is no other question for you now.")
    return begin(visit, questions.by_id(visit, others[0], Act.ANSWER_QUESTION), Mode.ANSWER)


def _list_canned(visit: Visit, wish: flow.ListCanned) -> Told:
    question = questions.by_id(visit, wish.question_id, Act.ANSWER_QUESTION)
    found = canned.fitting(visit, question.pillar)
    pages = max(1, -(-len(found) // flow.PAGE))
    page = min(wish.page, pages - 1)
    shown = found[page * flow.PAGE : (page + 1) * flow.PAGE]
    options = tuple((one.id, cut(one.title, _LABEL)) for one in shown)
    return Told("canned", (options, page, pages)) if options else Told("no_canned")


def _insert_canned(visit: Visit, wish: flow.InsertCanned) -> Told:
    """The ready answer as one part of this one, its variables filled in; its files come along."""
    question = questions.by_id(visit, wish.question_id, Act.ANSWER_QUESTION)
    text, files = canned.use(visit, question, wish.canned_id)
    key = f"canned:{wish.canned_id}:{visit.work.cause}"
    first = Part(key=key, at=visit.at, text=text, file=files[0] if files else None)
    more = (Part(key=f"{key}:{number}", at=visit.at, file=one) for number, one in enumerate(files[1:], 2))
    return Told("inserted", (first, *more))


def _send_files(visit: Visit, wish: flow.SendThreadFiles) -> Say | None:
    return replying.send_files(visit, str(wish.question_id), 0).toast


# --- Giving away


def pass_on(visit: Visit, subject: str, _version: int) -> Begin | Reply:
    """Begin to give a question to a colleague."""
    question = questions.by_id(visit, subject, Act.ANSWER_QUESTION)
    return _begin_passing(visit, question)


def refer(visit: Visit, subject: str, _version: int) -> Begin | Reply:
    """Begin to say where a question belongs that is not for these mentors."""
    question = questions.by_id(visit, subject, Act.ANSWER_QUESTION)
    return _begin_referring(visit, question)


def _begin_passing(visit: Visit, question: Question) -> Begin | Reply:
    screen = f"question:{question.id}"
    if not claims.may_pass(visit, question):
        return Reply(note=claims.hindrance(visit, question) or claims.STAYS, then=screen)
    found = tuple(
        passing.Option(key=str(one.person.id), name=cut(one.person.name, _LABEL), busy=one.load.busy)
        for one in claims.colleagues(visit, question)
    )
    if not found:
        return Reply(note=_("There is no colleague who could take it now."), then=screen)
    state = passing.ChoosingColleague(question_id=question.id, number=number_word(question), options=found)
    return Begin(passing.FLOW.name, state)


def _begin_referring(visit: Visit, question: Question) -> Begin | Reply:
    if not claims.may_pass(visit, question):
        words = claims.hindrance(visit, question) or claims.STAYS
        return Reply(note=words, then=f"question:{question.id}")
    state = passing.ChoosingAddress(
        question_id=question.id, number=number_word(question), options=_addresses(visit, question)
    )
    return Begin(passing.FLOW.name, state)


def _addresses(visit: Visit, question: Question) -> tuple[passing.Option, ...]:
    edition = visit.work.programme.edition
    loads = queue.loads(visit.work)
    fields = claims.fields(visit, question)
    there = [passing.Option(key="coordinator-", name="")] if claims.coordinators(visit, question) else []
    there += [passing.Option(key=f"pillar-{key}", name=edition.pillar(key).title) for key in fields]
    for one in claims.observers(visit, question):
        busy = loads.get(one.id, Load()).busy
        there.append(passing.Option(key=f"observer-{one.id}", name=cut(one.name, _LABEL), busy=busy))
    return tuple(there)


def _give_away(visit: Visit, wish: flow.GiveAway) -> Begin | Say | None:
    question = questions.by_id(visit, wish.question_id, Act.ANSWER_QUESTION)
    begun = _begin_referring(visit, question) if wish.refer else _begin_passing(visit, question)
    return begun if isinstance(begun, Begin) else begun.note


def _pass_on(visit: Visit, wish: passing.PassOn) -> Say:
    return claims.pass_on(visit, wish.question_id, wish.to_id, wish.note)


def _refer(visit: Visit, wish: passing.Refer) -> Say:
    return claims.refer(visit, wish.question_id, wish.address, wish.reason)


def solve(visit: Visit, subject: str, _version: int) -> Reply:
    """End an answered question; pressed twice it is ended once."""
    question = claims.locked(visit, subject)
    if question.state is QuestionState.CLOSED:
        return Reply(toast=_("This question is finished already."), then=f"question:{question.id}")
    threads.solve(visit, question)
    return Reply(toast=_("{number} is finished.", number=number_word(question)), then=f"question:{question.id}")


GRANTS: Mapping[type[Wish], Grant] = {
    flow.LookAtQuestion: _look,
    flow.KeepDraft: _keep,
    flow.SendWords: _send,
    flow.NextQuestion: _next,
    flow.ListCanned: _list_canned,
    flow.InsertCanned: _insert_canned,
    flow.SendThreadFiles: _send_files,
    flow.GiveAway: _give_away,
    passing.PassOn: _pass_on,
    passing.Refer: _refer,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    **claims.DEEDS,
    "answer": answer,
    "ask-back": ask_back,
    "annotate": annotate,
    "next-question": take_next,
    "pass-on": pass_on,
    "refer": refer,
    "solve": solve,
}
