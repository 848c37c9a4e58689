"""Asking and answering by the services, for tests of what becomes of a question."""

from dataclasses import dataclass
from itertools import count

from bot.flows.composing import Part
from bot.services import questions, threads
from bot.services.questions import Draft
from db.models import Post, Question
from tests import stage
from tests.people.phone import Phone, Town

_keys = count(1)


def said(text: str) -> tuple[Part, ...]:
    """One message with these words."""
    return (Part(key=f"t:{next(_keys)}", at=stage.NOW, text=text),)


@dataclass
class Counter:
    """One asker, one mentor, and the questions between them."""

    town: Town
    asker: Phone
    mentor: Phone

    def asks(
        self, text: str = "Apakah SK Dewan wajib memuat lampiran?", region: str = stage.TEBING_TINGGI, **more: object
    ) -> Question:
        visit = self.asker.visit()
        question = questions.file(visit, Draft(region, said(text), **more))  # type: ignore[arg-type]
        self.town.letters += visit.work.letters
        return question

    def answers(self, question: Question, text: str = "Ya, dengan susunan tim.", by: Phone | None = None) -> Post:
        visit = (by or self.mentor).visit()
        post = threads.answer(visit, question, said(text))
        self.town.letters += visit.work.letters
        return post

    def asks_back(self, question: Question, text: str = "SK tahun berapa?") -> Post:
        visit = self.mentor.visit()
        post = threads.ask_back(visit, question, said(text))
        self.town.letters += visit.work.letters
        return post

    def replies(self, question: Question, text: str = "SK tahun 2022.", by: Phone | None = None) -> None:
        visit = (by or self.asker).visit()
        threads.reply(visit, question, said(text))
        self.town.letters += visit.work.letters
