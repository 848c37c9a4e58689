"""How a question begins: from where the person stands, with what was answered before, into the queue."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.buttons import row_number
from bot.flows import answering, working
from bot.flows import asking as flow
from bot.flows.asking import Option, Topic, Writing
from bot.flows.composing import Part, Parts, joined, part_of
from bot.flows.turns import Event, Told, Wish
from bot.flows.working_wishes import AskMentors
from bot.services import items, questions, queue, rights, search, targets, tasks
from bot.services.closing import filled
from bot.services.conversations import Begin, Grant, Reply
from bot.services.questions import NIK, Draft, number_word
from bot.services.remembered import parts_of, update_id
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.texts import cut, mask_nik
from bot.words import Day, Refusal, Say, _, lines
from db.models import Article, Item, Question
from db.vocabulary import ArticleState, PostKind

# What of an answer found is read in the chat before the question is filed.
READ = 3000
_ITEM_SCREEN = re.compile(r"(?:item-id|history|submissions):(\d+)")


def begin(
    visit: Visit,
    *,
    item: Item | None = None,
    about: str | None = None,
    pillar: str | None = None,
    parts: Parts = (),
    follows: Question | None = None,
    note: Say | None = None,
) -> Begin:
    """Begin to ask; what is given is not asked again. Raises `Refusal` for somebody who answers rather than asks."""
    region_code = _region(visit, item, follows)
    item = item or (_item_of(visit, follows) if follows else None)
    topic = Topic(
        region_code=region_code,
        fields=tuple(Option(key=one.key, title=one.title) for one in visit.work.programme.edition.pillars),
        pillar=pillar or (follows.pillar if follows else _only_pillar(visit, item)),
        item=Option(key=item.key, title=items.title(visit.work, item).text) if item else None,
        about=about,
        follows_id=follows.id if follows else None,
        follows=number_word(follows) if follows else "",
        settled=bool(item or pillar or follows),
    )
    return Begin(flow.FLOW.name, Writing(topic=topic, parts=parts), note)


def _region(visit: Visit, item: Item | None, follows: Question | None) -> str:
    """The region that asks: that of the item, of the earlier question, or of the seat acted in."""
    code = item.region_code if item else follows.region_code if follows else None
    own = code or (visit.seat.region_code if visit.seat else None)
    own = own or next((seat.region_code for seat in visit.seats if seat.role in rights.RIGHTS[Act.ASK]), None)
    if own is None or not visit.may(Act.ASK, Place(own)):
        raise Refusal(_("Questions are asked by the regions' teams. You can read and answer them in the queue."))
    return own


def _only_pillar(visit: Visit, item: Item | None) -> str | None:
    """The pillar of an item that belongs to one."""
    known = items.content(visit.work, item) if item else None
    return known.pillars[0] if known and len(known.pillars) == 1 else None


def _item_of(visit: Visit, question: Question) -> Item | None:
    return items.of_region(visit.work, question.region_code).get(question.item_key or "")


def ask(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin to ask: about an item (its number), or about whatever (0)."""
    if row_number(subject) == 0:
        return begin(visit)
    return begin(visit, item=items.by_id(visit, subject, Act.SEE_ITEM))


def here(visit: Visit) -> Begin:
    """Begin to ask from where the person stands: the open item, else the one looked at, else the answer read."""
    screen = visit.chat.screen
    return begin(visit, item=_item_here(visit), about=screen if screen.startswith("faq:") else None)


def _item_here(visit: Visit) -> Item | None:
    saved = visit.chat.flow
    if saved and saved["flow"] == working.FLOW.name:
        return _seen(visit, str(saved["state"].get("card", {}).get("item_id", "")))
    name, _colon, key = visit.chat.screen.partition(":")
    if name == "item" and visit.region:
        return items.of_region(visit.work, visit.region.code).get(key)
    found = _ITEM_SCREEN.fullmatch(visit.chat.screen)
    return _seen(visit, found[1]) if found else None


def _seen(visit: Visit, item_id: str) -> Item | None:
    try:
        item = items.by_id(visit, item_id, Act.SEE_ITEM)
    except Forbidden:
        return None
    return item if visit.may(Act.ASK, Place(item.region_code)) else None


def is_in_draft(visit: Visit, event: Event) -> bool:
    """Whether this message is part of a question or an answer that is not sent yet."""
    part, saved = part_of(event), visit.chat.flow
    if part is None or saved is None or saved["flow"] not in (flow.FLOW.name, answering.FLOW.name):
        return False
    return any(known["key"] == part.key for known in saved["state"].get("parts", ()))


def command(visit: Visit, text: str) -> Begin:
    """`/tanya`, perhaps with the question behind it."""
    begun = here(visit)
    state = begun.state
    if not text or not isinstance(state, Writing):
        return begun
    sent = parts_of(visit, update_id(visit))
    key = sent[0].key if sent else f"{visit.chat.chat_id}:{visit.work.cause}"
    part = Part(key=key, at=visit.at, text=text)
    return replace(begun, state=state.model_copy(update={"parts": (part,)}))


def make_question(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """ "Jadikan pertanyaan": what was written a moment ago (the number of its update) becomes a question."""
    parts = parts_of(visit, subject)
    return begin(visit, parts=parts) if parts else begin(visit)


# --- What the conversation wishes


def _file(visit: Visit, wish: flow.FileQuestion) -> Say:
    topic = wish.topic
    draft = Draft(
        region_code=topic.region_code,
        parts=wish.parts,
        pillar=topic.pillar,
        item_key=topic.item.key if topic.item else None,
        about=topic.about,
        shared=topic.shared,
        follows_id=topic.follows_id,
    )
    search.note(visit.work, mask_nik(joined(wish.parts))[0], _as_hits(wish.hits))
    return file(visit, draft)


def file(visit: Visit, draft: Draft) -> Say:
    """File a question and say its number, its place in the queue and when to expect an answer."""
    known = questions.asked_before(visit, draft)
    question = questions.file(visit, draft)
    if known is None:
        queue.route(visit.work, question)
    masked = any(mask_nik(part.text)[1] for part in draft.parts)
    return lines(_receipt(visit, question, known=known is not None), NIK if masked else None)


def _as_hits(shown: Sequence[Option]) -> list[search.Hit]:
    return [search.Hit(one.key, one.title, 0.0) for one in shown]


def _receipt(visit: Visit, question: Question, *, known: bool) -> Say:
    """ "Pertanyaan T-0042 sudah masuk antrean (urutan ke-3). Perkiraan jawaban: Senin, 28 November 2022." """
    if known:
        return _("This question is in the queue already: <b>{number}</b>.", number=number_word(question))
    return _(
        "Question <b>{number}</b> is in the queue (place {place}). Expected answer: {day}.",
        number=number_word(question),
        place=targets.place_in_queue(visit.work, question),
        day=Day(visit.local(targets.expected(visit.work, question))),
    )


def _look(visit: Visit, wish: flow.LookForAnswers) -> Told:
    found = search.similar(visit.work, wish.text, wish.pillar) if wish.text else []
    return Told("answers", tuple((hit.key, filled(visit, hit.title)) for hit in found))


def _list_items(visit: Visit, wish: flow.ListItems) -> Told:
    """The region's items of a pillar that the person may see: those the question speaks of first, then what is still
    to be done, then the programme's order."""
    found = []
    for item in items.of_region(visit.work, wish.region_code).values():
        known = items.content(visit.work, item)
        if known and (wish.pillar is None or wish.pillar in known.pillars) and _visible(visit, item):
            found.append((known.key, known.title))
    open_ones = {item.key: place for place, item in enumerate(tasks.likeliest(visit))}
    spoken_of = _stems(visit, wish.text)

    def likeliest(one: tuple[str, str]) -> tuple[bool, bool, int, int]:
        shared = len(spoken_of & _stems(visit, one[1]))
        return not shared, one[0] not in open_ones, -shared, open_ones.get(one[0], 0)

    return Told("items", tuple(sorted(found, key=likeliest)))


def _stems(visit: Visit, text: str) -> frozenset[str]:
    return frozenset(word.stem for word in search.stems(visit.work.programme.regions).telling(text))


def _visible(visit: Visit, item: Item) -> bool:
    return visit.may(Act.SEE_ITEM, items.place(visit.work, item))


def _read(visit: Visit, wish: flow.ReadAnswer) -> Told | Say:
    found = answer_text(visit, wish.key)
    if found is None:
        return _("This answer is no longer there.")
    return Told("answer", (wish.key, cut(found, READ)))


def answer_text(visit: Visit, key: str) -> str | None:
    """Title and words of something that `search` found; None where it is gone or not open to the person."""
    kind, _colon, name = key.partition(":")
    work = visit.work
    match kind:
        case "faq":
            entry = next((one for one in work.programme.edition.faq if one.key == name), None)
            return f"{filled(visit, entry.question)}\n\n{filled(visit, entry.answer)}" if entry else None
        case "article":
            article = work.session.get(Article, row_number(name))
            public = article is not None and article.state is ArticleState.PUBLIC
            return f"{article.title}\n\n{article.body}" if article and public else None
        case "question":
            return _shared_answer(visit, name)
        case _:
            return None


def _shared_answer(visit: Visit, question_id: str) -> str | None:
    """A question with its answers, without the names of those who asked."""
    try:
        question = questions.by_id(visit, question_id, Act.SEE_QUESTION)
    except Forbidden:
        return None
    told = questions.thread(visit.work, question)
    answers = [post.body for post in told if post.kind is PostKind.ANSWER and post.body]
    return "\n\n".join([told[0].body, *answers]) if answers else None


def _found(visit: Visit, wish: flow.AnswerFound) -> None:
    """Count that somebody found the answer by looking."""
    search.note(visit.work, mask_nik(wish.text)[0], _as_hits(wish.hits), answered=True)


def _from_item(visit: Visit, wish: AskMentors) -> Begin:
    return begin(visit, item=items.by_id(visit, wish.item_id, Act.SEE_ITEM))


GRANTS: Mapping[type[Wish], Grant] = {
    AskMentors: _from_item,
    flow.FileQuestion: _file,
    flow.LookForAnswers: _look,
    flow.ListItems: _list_items,
    flow.ReadAnswer: _read,
    flow.AnswerFound: _found,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"ask": ask, "question": make_question}
