"""Questions to the mentors: their rows, who may do what with them, and the one way they change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload, selectinload

from bot.buttons import row_number
from bot.flows.composing import Part, Parts, files, joined, says_something
from bot.services import editions, rights, search_index, targets
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Refusal, _
from db.models import Post, PostFile, Question, Seat
from db.vocabulary import PostKind, QuestionState, Role

OPEN = (QuestionState.NEW, QuestionState.TAKEN, QuestionState.WAITING)
EMPTY = _("Please write what you would like to know, in a few words. A photo or a voice message is welcome too.")
NIK = _("Please do not send a NIK here. The number has been masked.")


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as it is about to be filed. `about` names what else it came from: `article:<id>`, `item:<id>:…`."""

    region_code: str
    parts: Parts
    pillar: str | None = None
    item_key: str | None = None
    about: str | None = None
    shared: bool = False
    follows_id: int | None = None

    @property
    def key(self) -> str:
        """The first message names the question: filed twice it is one."""
        return f"asked:{self.parts[0].key}" if self.parts else ""


def number_word(question: Question) -> str:
    """ "T-0042", as people write and say it."""
    return f"T-{question.number:04}"


# --- Finding


def by_id(visit: Visit, question_id: int | str, act: Act) -> Question:
    """A question the person may do this with. Raises `Forbidden` also where there is none."""
    question = visit.work.session.get(Question, row_number(question_id))
    if question is None or question.edition_id != visit.work.edition_id:
        raise Forbidden(act, EVERYWHERE)
    require(visit, question, act)
    return question


def by_number(work: Work, number: int) -> Question | None:
    """The question with this number in the edition."""
    return work.session.scalar(
        select(Question).where(Question.edition_id == work.edition_id, Question.number == number)
    )


def of_asker(work: Work, person_id: int, *, limit: int = 200) -> Sequence[Question]:
    """What a person asked, newest first."""
    return work.session.scalars(
        select(Question)
        .where(Question.asker_id == person_id, Question.edition_id == work.edition_id)
        .order_by(Question.id.desc())
        .limit(limit)
    ).all()


def count_open(work: Work, person_id: int) -> int:
    """How many of a person's questions have no answer yet."""
    mine = (Question.asker_id == person_id, Question.edition_id == work.edition_id, Question.state.in_(OPEN))
    return work.session.scalar(select(func.count()).select_from(Question).where(*mine)) or 0


def of_region(work: Work, region_code: str, *, limit: int = 200) -> Sequence[Question]:
    """What a region asked, newest first."""
    return work.session.scalars(
        select(Question)
        .where(Question.region_code == region_code, Question.edition_id == work.edition_id)
        .order_by(Question.id.desc())
        .limit(limit)
    ).all()


def of_mentor(work: Work, person_id: int, states: Sequence[QuestionState] = OPEN) -> Sequence[Question]:
    """What a mentor has taken, oldest waiting first."""
    return work.session.scalars(
        select(Question)
        .where(
            Question.mentor_id == person_id, Question.edition_id == work.edition_id, Question.state.in_(tuple(states))
        )
        .order_by(Question.waiting_since, Question.id)
    ).all()


def open_ones(work: Work, states: Sequence[QuestionState] = OPEN) -> Sequence[Question]:
    """Everything not answered yet, oldest waiting first."""
    return work.session.scalars(
        select(Question)
        .where(Question.edition_id == work.edition_id, Question.state.in_(tuple(states)))
        .order_by(Question.waiting_since, Question.id)
    ).all()


def shared_ones(work: Work, *, limit: int = 200) -> Sequence[Question]:
    """Answered questions that every region may read, newest answer first."""
    return work.session.scalars(
        select(Question)
        .where(
            Question.edition_id == work.edition_id,
            Question.shared.is_(True),
            Question.first_answer_at.is_not(None),
            Question.merged_into_id.is_(None),
        )
        .order_by(Question.first_answer_at.desc(), Question.id.desc())
        .limit(limit)
    ).all()


def answered_about(work: Work, item_key: str, *, limit: int = 100) -> Sequence[Question]:
    """Answered questions about one item, of all regions, newest answer first."""
    return work.session.scalars(
        select(Question)
        .where(
            Question.edition_id == work.edition_id,
            Question.item_key == item_key,
            Question.first_answer_at.is_not(None),
            Question.merged_into_id.is_(None),
        )
        .order_by(Question.first_answer_at.desc(), Question.id.desc())
        .limit(limit)
    ).all()


def titles(work: Work, ids: Sequence[int], *, whole: bool = False) -> dict[int, str]:
    """The first line of several questions (all of their words, if `whole`), in one look."""
    rows = work.session.execute(
        select(Post.question_id, Post.body).where(Post.question_id.in_(ids), Post.kind == PostKind.QUESTION)
    )
    return {question_id: body if whole else body.strip().partition("\n")[0] for question_id, body in rows}


def thread(work: Work, question: Question, *, notes: bool = False) -> Sequence[Post]:
    """The posts in order, with authors and files; internal notes only where asked for."""
    statement = (
        select(Post)
        .where(Post.question_id == question.id)
        .options(selectinload(Post.files), joinedload(Post.author))
        .order_by(Post.id)
        .execution_options(populate_existing=True)
    )
    return work.session.scalars(statement if notes else statement.where(Post.kind != PostKind.NOTE)).all()


def first_post(work: Work, question: Question) -> Post:
    """The question as it was asked."""
    return thread(work, question)[0]


# --- Rights


def place(question: Question) -> Place:
    """Where an act on this question takes place."""
    return Place(question.region_code, (question.pillar,) if question.pillar else ())


def require(visit: Visit, question: Question, act: Act) -> Seat:
    """The seat that may do this with the question; the audit names its role. Raises `Forbidden`."""
    seat = next((seat for seat in _chosen_first(visit) if may(visit, seat, question, act)), None)
    if seat is None:
        raise Forbidden(act, place(question))
    visit.work.actor = replace(visit.work.actor, role=seat.role)
    return seat


def allowed(visit: Visit, question: Question, act: Act) -> bool:
    """Whether the person may do this with the question, asked without leaving a trace."""
    return any(may(visit, seat, question, act) for seat in (*visit.seats, *visit.covered))


def may(visit: Visit, seat: Seat, question: Question, act: Act) -> bool:
    """One seat's right on one question. A region sees itself, a contributor only what they asked; whoever a question
    was given to may answer it; what is shared and answered may be read in every region."""
    if act is Act.SEE_QUESTION and is_public(question) and _acts(seat, act):
        return True
    return reaches(visit, seat, question, act)


def reaches(visit: Visit, seat: Seat, question: Question, act: Act) -> bool:
    """The same for the two sides of the thread alone: not for readers of what is shared."""
    own = visit.person is not None and question.asker_id == visit.person.id
    if _entrusted(visit, seat, question):
        return act in (Act.SEE_QUESTION, Act.ANSWER_QUESTION)
    if act is Act.ANSWER_QUESTION and own:
        return False
    if seat.role is Role.OBSERVER or (seat.role is Role.CONTRIBUTOR and not own):
        return False
    return rights.may(seat, act, place(question))


def is_public(question: Question) -> bool:
    """Answered, and the asker lets other regions read it."""
    return question.shared and question.first_answer_at is not None


def _entrusted(visit: Visit, seat: Seat, question: Question) -> bool:
    """Given to this person by name, also from outside their regions and pillars."""
    mine = visit.person is not None and visit.person.id in (question.mentor_id, question.routed_to_id)
    return mine and _acts(seat, Act.ANSWER_QUESTION)


def _acts(seat: Seat, act: Act) -> bool:
    """Whether the seat, held and open, has this right somewhere."""
    return seat.role in rights.RIGHTS[act] and not seat.ended_at and not seat.suspended_at


def _chosen_first(visit: Visit) -> list[Seat]:
    return [*sorted(visit.seats, key=lambda seat: seat is not visit.seat), *visit.covered]


# --- Filing and changing


def file(visit: Visit, draft: Draft) -> Question:
    """Put a question into the queue with the next number, once for each draft.

    Raises `Refusal` for an empty one. The same words asked again while the first still waits are that question.
    """
    visit.require(Act.ASK, Place(draft.region_code))
    if not says_something(draft.parts):
        raise Refusal(EMPTY)
    before = asked_before(visit, draft)
    return before or _file(visit, draft)


def asked_before(visit: Visit, draft: Draft) -> Question | None:
    """The question this draft already is."""
    session, same = visit.work.session, Question.unique_key == draft.key
    known = session.scalar(select(Question).where(same, Question.asker_id == visit.member.id))
    text = mask_nik(joined(draft.parts))[0]
    if known is not None or not text or files(draft.parts):
        return known
    return session.scalar(
        select(Question)
        .join(Post, Post.question_id == Question.id)
        .where(
            Question.asker_id == visit.member.id,
            Question.region_code == draft.region_code,
            Question.state.in_(OPEN),
            Post.kind == PostKind.QUESTION,
            Post.body == text,
        )
        .order_by(Question.id)
        .limit(1)
    )


def _file(visit: Visit, draft: Draft) -> Question:
    work = visit.work
    question = Question(
        edition_id=work.edition_id,
        number=_next_number(work),
        unique_key=draft.key,
        asker_id=visit.member.id,
        region_code=draft.region_code,
        pillar=draft.pillar,
        item_key=draft.item_key,
        about=draft.about,
        shared=draft.shared,
        state=QuestionState.NEW,
        version=0,
        created_at=work.now,
        follows_id=draft.follows_id,
        **targets.opened(work, draft.region_code),
    )
    work.session.add(question)
    work.session.flush()
    work.audit("ask", "question", question.id, region_code=question.region_code, after=snapshot(question))
    add_post(work, question, PostKind.QUESTION, visit.member.id, draft.parts)
    return question


def _next_number(work: Work) -> int:
    """Counts within the edition; the edition is held, so that two askers never get the same number."""
    editions.hold(work.session, work.edition_id)
    highest = select(func.max(Question.number)).where(Question.edition_id == work.edition_id)
    return (work.session.scalar(highest) or 0) + 1


def snapshot(question: Question) -> dict[str, Any]:
    """What the audit keeps of a question: where it stands and with whom, no words of it."""
    return {
        "state": question.state,
        "version": question.version,
        "mentor_id": question.mentor_id,
        "routed_to_id": question.routed_to_id,
        "referred_to": question.referred_to,
        "pillar": question.pillar,
        "closing": question.closing,
    }


def change(work: Work, question: Question, act: str, *, why: str = "", **values: Any) -> None:
    """Change a question: one audit line, one version further. Raises `Refusal` if somebody else was faster.

    Every path to another state of a question goes through here. `why` is for the audit, `values` for the row.
    """
    before = snapshot(question)
    claimed = work.session.execute(
        update(Question)
        .where(Question.id == question.id, Question.version == question.version)
        .values(version=question.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    work.session.refresh(question)
    if getattr(claimed, "rowcount", 0) != 1:
        raise Refusal(_("Somebody changed this question a moment ago. Here is where it stands now."))
    work.audit(
        act,
        "question",
        question.id,
        region_code=question.region_code,
        before=before,
        after=snapshot(question),
        reason=why,
    )
    if question.shared or "shared" in values:
        search_index.put_question(work, question.id)


def add_post(
    work: Work, question: Question, kind: PostKind, author_id: int | None, parts: Sequence[Part]
) -> Post | None:
    """Add what somebody said to the thread; identity numbers are masked. None if just this was added before.

    A further part of an album joins the post that has its first one.
    """
    key = parts[0].key
    known = _with_message(work, question, key)
    if known is not None:
        return None
    begun = _with_album(work, question, author_id, parts[0].album)
    if begun is not None:
        _extend(work, begun, parts)
        return begun
    post = Post(
        question_id=question.id,
        kind=kind,
        author_id=author_id,
        message_key=key,
        body=mask_nik(joined(parts))[0],
        parts=[_kept(part) for part in parts],
        at=parts[0].at,
        earlier=[],
    )
    work.session.add(post)
    work.session.flush()
    _keep_files(work, post, parts)
    work.audit(kind.value, "post", post.id, region_code=question.region_code, after={"question_id": question.id})
    return post


def recent_posts(work: Work, author_id: int, since: datetime) -> Sequence[Post]:
    """What a person wrote in threads since a moment, newest first."""
    return work.session.scalars(
        select(Post).where(Post.author_id == author_id, Post.at >= since).order_by(Post.id.desc())
    ).all()


def _with_message(work: Work, question: Question, key: str) -> Post | None:
    posts = work.session.scalars(select(Post).where(Post.question_id == question.id).order_by(Post.id.desc()))
    return next((post for post in posts if any(part["key"] == key for part in post.parts)), None)


def _with_album(work: Work, question: Question, author_id: int | None, album: str | None) -> Post | None:
    if album is None:
        return None
    posts = work.session.scalars(select(Post).where(Post.question_id == question.id, Post.author_id == author_id))
    return next((post for post in posts if any(part.get("album") == album for part in post.parts)), None)


def _extend(work: Work, post: Post, parts: Sequence[Part]) -> None:
    post.body = "\n".join(filter(None, (post.body, mask_nik(joined(parts))[0])))
    post.parts = [*post.parts, *(_kept(part) for part in parts)]
    work.session.flush()
    _keep_files(work, post, parts)


def _kept(part: Part) -> dict[str, Any]:
    return {"key": part.key, "text": mask_nik(part.text)[0], "album": part.album}


def _keep_files(work: Work, post: Post, parts: Sequence[Part]) -> None:
    known = set(work.session.scalars(select(PostFile.unique_id).where(PostFile.post_id == post.id)))
    for file in files(parts):
        if file.unique_id not in known:
            work.session.add(
                PostFile(
                    post_id=post.id,
                    kind=file.kind,
                    file_id=file.file_id,
                    unique_id=file.unique_id,
                    name=file.name[:255],
                    size=file.size,
                )
            )
    work.session.flush()
