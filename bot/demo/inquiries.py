"""What the sample tells of questions and answers, as it is written down in `questions.yaml`."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, model_validator

from bot.demo.story import At, Part
from db.vocabulary import ArticleState

INQUIRIES = Path(__file__).with_name("questions.yaml")


class Word(Part):
    """One deed on a question. Words stand in `text`, what goes along in `file` or `photos`."""

    at: At
    who: str
    do: Literal[
        "take", "answer", "ask_back", "reply", "note", "draft", "pass_on", "refer", "merge", "clear", "unclear",
        "rate", "correct", "solve",
    ]  # fmt: skip
    text: str = ""
    file: str = ""
    photos: tuple[str, ...] = ()
    ready: str = ""
    to: str = ""
    grade: int | None = None

    @model_validator(mode="after")
    def _says_what(self) -> "Word":
        if (self.do in ("answer", "ask_back", "reply", "note", "draft", "correct")) and not self.text:
            raise ValueError(f"{self.who} {self.do}: there are no words")
        if (self.do == "rate") != (self.grade is not None):
            raise ValueError(f"{self.who} {self.do}: a grade belongs to rate alone")
        return self


class Inquiry(Part):
    """A question as it was asked, and what became of it."""

    key: str
    by: str
    at: At
    text: str
    item: str | None = None
    pillar: str | None = None
    shared: bool = False
    file: str = ""
    photos: tuple[str, ...] = ()
    steps: tuple[Word, ...] = ()


class Page(Part):
    """An article, written anew or (under a key known already) in its next version."""

    key: str
    at: At
    by: str
    title: str
    text: str
    category: str
    state: ArticleState = ArticleState.PUBLIC
    from_: str | None = Field(default=None, alias="from")
    file: str = ""


class ReadyAnswer(Part):
    """An own ready answer, or one shared with all mentors."""

    at: At
    by: str
    title: str
    text: str
    pillar: str | None = None
    shared: bool = False
    file: str = ""


class Away(Part):
    """A mentor away on two days and all between; the days are written like moments."""

    at: At
    who: str
    first: str = Field(pattern=r"H-\d{1,3}")
    last: str = Field(pattern=r"H-\d{1,3}")
    substitute: str


class Vote(Part):
    at: At
    who: str
    article: str
    helped: bool


class Looked(Part):
    """Something looked for among the answers, perhaps while asking, which `answered` then spared."""

    at: At
    who: str
    text: str
    answered: bool = False


class LeadMentor(Part):
    at: At
    by: str
    who: str


class Inquiries(Part):
    """Everything around questions and answers."""

    lead_mentors: tuple[LeadMentor, ...] = ()
    absences: tuple[Away, ...] = ()
    ready_answers: tuple[ReadyAnswer, ...] = ()
    questions: tuple[Inquiry, ...] = ()
    articles: tuple[Page, ...] = ()
    votes: tuple[Vote, ...] = ()
    searches: tuple[Looked, ...] = ()

    @property
    def names(self) -> set[str]:
        """Everybody who does something here."""
        acting: list[LeadMentor | Away | Vote | Looked | Word]
        acting = [*self.lead_mentors, *self.absences, *self.votes, *self.searches]
        acting += [word for one in self.questions for word in one.steps]
        begun: list[Inquiry | Page | ReadyAnswer] = [*self.questions, *self.articles, *self.ready_answers]
        return {one.who for one in acting} | {one.by for one in begun}


def read_inquiries(path: Path = INQUIRIES) -> Inquiries:
    """The questions of the sample. Raises pydantic's `ValidationError` naming the place of a fault."""
    return Inquiries.model_validate(yaml.safe_load(path.read_text("utf-8")))
