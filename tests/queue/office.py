"""An asker, mentors, and the questions that come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.flows.composing import Part
from bot.services import questions, queue
from bot.services.questions import Draft
from db.models import Question
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Phone, Town

_keys = count(1)


@dataclass
class Office:
    """What stands around the queue. `asks` puts a question where the asking conversation puts it."""

    town: Town
    asker: Phone

    def mentor(self, name: str, region_code: str | None = stage.TEBING_TINGGI, **scope: Any) -> Phone:
        return self.town.member(Role.MENTOR, region_code, name, **scope)

    def asks(self, text: str = "Apakah SK Dewan wajib memuat lampiran?", **more: Any) -> Question:
        visit = self.asker.visit(f"update {90_000 + next(_keys)}")
        part = Part(key=f"asked:{next(_keys)}", at=self.town.now, text=text)
        question = questions.file(visit, Draft(stage.TEBING_TINGGI, (part,), **more))
        queue.route(visit.work, question)
        self.town.letters += visit.work.letters
        return question

    def holder_of(self, question: Question) -> str | None:
        """Before whom a question was put."""
        return self.town.work().person(question.routed_to_id).name if question.routed_to_id else None

    def said(self, question: Question, *, notes: bool = False) -> Sequence[str]:
        """The thread's words, oldest first."""
        return [post.body for post in questions.thread(self.town.work(), question, notes=notes)]
