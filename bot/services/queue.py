"""Whose turn a question is."""

from bot.buttons import look
from bot.services import questions, review_queue, rights
from bot.services.rights import Act
from bot.services.work import Work
from bot.words import _, _p
from db.models import Question
from db.vocabulary import Role


def route(work: Work, question: Question) -> None:
    """Put a question before those who may answer it: all mentors of its region and pillar."""
    place = questions.place(question)
    for seat in review_queue.seats_with(work, Role.MENTOR):
        if rights.may(seat, Act.ANSWER_QUESTION, place) and seat.holder_id and seat.holder_id != question.asker_id:
            work.tell(
                seat.holder_id,
                _("❓ A new question waits: {number}.", number=questions.number_word(question)),
                key=f"question:{question.id}:queued:{question.version}:{seat.holder_id}",
                rows=((look(_p("button", "Open the question"), "question", question.id),),),
            )
