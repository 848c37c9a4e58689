"""What must be true of every question when a busy hour is over."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.services.question_letters import first_key
from db.models import AuditEntry, Evidence, OutboxMessage, Person, Post, Question, Search
from db.vocabulary import OutboxState, PostKind, QuestionState
from simulator.files import base_id
from tests.killing.hour import Hour
from tests.killing.hour_scene import Inquiry, Plot
from tests.killing.oracle import Account, Rows, lose, rows_of

# Who takes a question, and before whom it is put, is chance; everything else that is done to it is its plot.
CHANCE = ("take", "route")
Told = Mapping[str, Question]


def judge_hour(session: Session, people: Hour, account: Account) -> dict[str, Rows]:
    """Hold every question against what its people have said and seen; the state that two runs have in common."""
    asked = select(Question).options(selectinload(Question.posts).selectinload(Post.files)).order_by(Question.id)
    rows = session.scalars(asked).all()
    told = _told(rows, people, account)
    _numbers(rows, people, account)
    for tag, question in told.items():
        _thread(question, people.scene.inquiries[tag], people, account)
        _files(question, people.kept.files.get(tag, []), people, account)
        _delivered(session, question, account)
        _one_holder(session, question, account)
    _evidence(session, people, account)
    posts = [post for question in rows for post in question.posts]
    answers, files = sum(post.kind is PostKind.ANSWER for post in posts), sum(len(post.files) for post in posts)
    account.more = (
        f"; {len(rows)} questions, {answers} answers, {files} files; {people.beaten} times another mentor was faster"
    )
    return {name: sorted(found) for name, found in _state(session, told, people.scene.inquiries).items()}


def _told(rows: Sequence[Question], people: Hour, account: Account) -> Told:
    """The question of each tag; each was asked and is there once."""
    found: dict[str, Question] = {}
    for question in rows:
        tag = next((tag for tag, one in people.scene.inquiries.items() if one.text in question.posts[0].body), "")
        _fault(account, tag in found or not tag, f"T-{question.number} is one too many: {question.posts[0].body!r}")
        found.setdefault(tag, question)
    for tag in people.kept.numbers.keys() - found.keys():
        lose(account, True, f"question {tag} is not there")
    return {tag: question for tag, question in found.items() if tag}


def _fault(account: Account, is_so: bool, what: str) -> None:
    if is_so:
        account.faults.append(what)


def _numbers(rows: Sequence[Question], people: Hour, account: Account) -> None:
    """Numbers run from one without a gap, and receipts name the right ones."""
    numbers = [question.number for question in rows]
    _fault(account, sorted(numbers) != list(range(1, len(rows) + 1)), f"numbers are {numbers}")
    receipts = Counter(people.kept.numbers.values())
    _fault(account, any(count > 1 for count in receipts.values()), f"receipts name {receipts}")


def _thread(question: Question, inquiry: Inquiry, people: Hour, account: Account) -> None:
    """What was sent as an answer stands there once, in its order; the number is that of the receipt."""
    name = f"T-{question.number:04} ({inquiry.tag}, {inquiry.plot})"
    _fault(account, people.kept.numbers[inquiry.tag] != f"T-{question.number:04}", f"{name} has another receipt")
    rounds = range(1, people.kept.answers[inquiry.tag] + 1)
    said = [inquiry.answer(number) for number in rounds]
    if inquiry.plot is Plot.CORRECTED:
        said[-1:] = [inquiry.corrected]
    stands = [post.body for post in question.posts if post.kind is PostKind.ANSWER]
    lose(account, bool(Counter(said) - Counter(stands)), f"{name}: of {said} there is only {stands}")
    _fault(account, stands != said, f"{name}: said was {said}, there is {stands}")
    _fault(account, len(stands) != (2 if inquiry.plot is Plot.UNCLEAR else 1), f"{name} was answered {stands}")
    _fault(account, question.state is not QuestionState.CLOSED, f"{name} is {question.state}")


def _files(question: Question, sent: Sequence[str], people: Hour, account: Account) -> None:
    """Every file is there once, and its number leads to just the bytes that were sent."""
    world = people.sim.x.world
    there = Counter(world.files[base_id(file.file_id)].sha256 for post in question.posts for file in post.files)
    lost = Counter(sent) - there
    lose(account, bool(lost), f"T-{question.number}: files {lost} are not there")
    _fault(account, there != Counter(sent), f"T-{question.number}: sent were {Counter(sent)}, there are {there}")


def _delivered(session: Session, question: Question, account: Account) -> None:
    """Whatever a mentor said to the asker, and every file of it, has a letter that Telegram took."""
    for post in question.posts:
        if post.kind in (PostKind.ANSWER, PostKind.ASK_BACK):
            keys = [first_key(post.kind, post.id, question.id, question.asker_id)]
            keys += [f"question:{question.id}:file:{file.id}:{question.asker_id}" for file in post.files]
            lost = [key for key in keys if not _sent(session, key)]
            lose(account, bool(lost), f"{lost} were not sent")


def _sent(session: Session, key: str) -> bool:
    """Whether this message, or its correction, was taken by Telegram."""
    mine = OutboxMessage.unique_key == key, OutboxMessage.unique_key.startswith(f"{key}:corrected:")
    found = select(OutboxMessage.id).where(or_(*mine), OutboxMessage.state == OutboxState.SENT).limit(1)
    return session.scalar(found) is not None


def _one_holder(session: Session, question: Question, account: Account) -> None:
    """Changes follow each other without a gap; nobody takes what somebody has, and only who has it answers."""
    mine = (AuditEntry.subject == "question", AuditEntry.subject_id == question.id)
    version, holder = 0, None
    changes = session.scalars(select(AuditEntry).where(*mine, AuditEntry.act != "ask").order_by(AuditEntry.id))
    for entry, before, after in ((one, one.before or {}, one.after or {}) for one in changes):
        told = f"T-{question.number}: {entry.act} by {entry.actor_id}: {before} -> {after}"
        follows = (before["version"], before["mentor_id"], after["version"]) == (version, holder, version + 1)
        _fault(account, not follows, f"{told} does not follow version {version} with {holder}")
        _fault(account, entry.act == "take" and holder not in (None, entry.actor_id), f"{told}: it was taken")
        _fault(account, entry.act in ("answer", "ask_back") and holder != entry.actor_id, f"{told}: not theirs")
        version, holder = after["version"], after["mentor_id"]
    _fault(account, version != question.version, f"T-{question.number} has version {question.version}, not {version}")


def _evidence(session: Session, people: Hour, account: Account) -> None:
    """What was attached to an item before the question is there once, with its content."""
    kept = Counter((name, sha or "") for name, sha in session.execute(select(Evidence.name, Evidence.sha256)))
    wanted = Counter(people.kept.evidence.items())
    lose(account, bool(wanted - kept), f"evidence {wanted - kept} is not there")
    _fault(account, bool(kept - wanted), f"evidence {kept - wanted} was not sent")


# The state


def _state(session: Session, told: Told, inquiries: Mapping[str, Inquiry]) -> dict[str, Rows]:
    tags = {question.id: tag for tag, question in told.items()}
    posts = [(tag, place, post) for tag, question in told.items() for place, post in enumerate(question.posts)]
    return {
        "questions": [_standing(session, inquiries[tag], question) for tag, question in told.items()],
        "posts": [_said(tag, place, post) for tag, place, post in posts],
        "acts on questions": _acts(session, tags),
        "acts on posts": rows_of(
            session,
            select(AuditEntry.act, func.count()).where(AuditEntry.subject == "post").group_by(AuditEntry.act),
        ),
        "found": rows_of(session, select(Search.words, func.count()).where(Search.answered).group_by(Search.words)),
    }


def _standing(session: Session, inquiry: Inquiry, question: Question) -> tuple[str, ...]:
    """Without the item where the asker just happened to stand at one."""
    item = question.item_key if inquiry.plot is Plot.FROM_ITEM else ""
    asker = session.get_one(Person, question.asker_id).telegram_id
    kept = (inquiry.tag, asker, question.region_code, question.state, question.closing, question.rating)
    return tuple(map(str, (*kept, question.reopened, question.pillar, item, question.draft)))


def _said(tag: str, place: int, post: Post) -> tuple[str, ...]:
    files = sorted(file.unique_id for file in post.files)
    return (tag, str(place), post.kind.value, post.body, str(len(post.earlier)), *files)


def _acts(session: Session, tags: Mapping[int, str]) -> Rows:
    acts = (
        select(AuditEntry.subject_id, AuditEntry.act, func.count())
        .where(AuditEntry.subject == "question", AuditEntry.act.not_in(CHANCE))
        .group_by(AuditEntry.subject_id, AuditEntry.act)
    )
    return [(tags.get(row[0] or 0, ""), row[1], str(row[2])) for row in session.execute(acts)]
