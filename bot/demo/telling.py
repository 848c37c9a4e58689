"""The deeds of the story on the checklist, each through the service that a press or a message would reach."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count, repeat

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import fetcher
from bot.demo.papers import paper
from bot.demo.players import Players
from bot.demo.story import Step
from bot.files import EvidenceStore
from bot.flows.turns import Sent
from bot.services import evidence, extension_deciding, extensions, items, stages, submissions
from bot.services.extension_days import Aim
from bot.services.visits import Visit
from bot.services.work import Work
from db.models import Evidence, Item, Submission
from db.vocabulary import EvidenceKind, EvidenceState
from simulator import files
from simulator.exchange import Exchange
from simulator.state import StoredFile

# So long a file of the sample seems to be looked into; the real fetcher goes on with it then.
LOOKED_INTO_FOR = timedelta(days=2)


@dataclass
class Teller:
    """Performs steps. What people send lies in the simulator afterwards, as if it had come from their phones."""

    players: Players
    exchange: Exchange
    store: EvidenceStore

    def __post_init__(self) -> None:
        self._messages = count(1)
        self._albums = count(1)

    @property
    def session(self) -> Session:
        return self.players.session

    def perform(self, step: Step, region: str, moment: datetime) -> None:
        """Do one step of the story of a region."""
        visit = self.players.visit(step.who, moment)
        if step.do == "declare":
            stages.declare(visit, region, step.item)
            return
        item = self._item(visit.work, region, step.item)
        match step.do:
            case "attach":
                self._attach(visit, item, step)
            case "note":
                items.add_note(visit, item.id, step.text)
            case "submit":
                submissions.submit(visit, item)
            case "waive":
                submissions.waive(visit, item, step.reason)
            case "assign":
                self._assign(visit, item, step.to)
            case "accept" | "return":
                self._judge(visit, item, step)
            case "extend":
                self._ask_for_time(visit, item, step)
            case "grant":
                self._grant_time(visit, item)

    def _item(self, work: Work, region: str, key: str) -> Item:
        statement = select(Item).where(Item.edition_id == work.edition_id, Item.region_code == region, Item.key == key)
        found = self.session.scalar(statement)
        if found is None:
            raise LookupError(f"the sample speaks of the item {key}, which the edition does not have")
        return found

    def _judge(self, visit: Visit, item: Item, step: Step) -> None:
        latest = select(Submission.id).where(Submission.item_id == item.id).order_by(Submission.number.desc())
        submission_id = self.session.scalars(latest).first() or 0
        if step.do == "accept":
            submissions.accept(visit, str(submission_id), item.version)
        else:
            submissions.hand_back(visit, submissions.reviewable(visit, submission_id), item.version, step.reason)

    def _assign(self, visit: Visit, item: Item, to: str) -> None:
        seat = self.players.visit(to, visit.at).seat
        items.assign(visit, f"{item.id}-{seat.id if seat else 0}", item.version)

    def _ask_for_time(self, visit: Visit, item: Item, step: Step) -> None:
        work = visit.work
        day = work.programme.edition.closing - timedelta(days=step.until)
        worked = work.calendar_for(item.region_code).previous_working(day)
        extension_deciding.ask(visit, Aim(item.key, item.region_code), worked, step.reason)

    def _grant_time(self, visit: Visit, item: Item) -> None:
        found = extensions.asked(visit.work, [Aim(item.key, item.region_code)])
        extension_deciding.grant(visit, str(found.id if found else 0), found.version if found else 0)

    def _attach(self, visit: Visit, item: Item, step: Step) -> None:
        if step.link:
            evidence.attach_link(visit, item, step.link, self._key(visit))
        elif step.text:
            evidence.attach_text(visit, item, step.text, self._key(visit), visit.at)
        album = f"sample-{next(self._albums)}" if len(step.photos) > 1 else None
        # The caption of an album stands under its first file.
        captions = chain([step.caption], repeat(""))
        for name, caption in zip(filter(None, (step.file, *step.photos)), captions, strict=False):
            self._send(visit, item, step, name, caption, album)

    def _send(self, visit: Visit, item: Item, step: Step, name: str, caption: str, album: str | None) -> None:
        """The file comes from the person's phone, and is looked into as the fetcher would."""
        kind = EvidenceKind.PHOTO if step.photos else EvidenceKind.DOCUMENT
        place = self.players.regions.by_code[item.region_code].name
        content = paper(name, place)
        content = content[: len(content) // 2] if step.arrives == "damaged" else content
        kept = files.keep(self.exchange, kind.value, files.named(name, None, content))
        sent = Sent(
            kind=kind,
            file_id=kept.file_id,
            unique_id=kept.unique_id,
            name="" if step.photos else name,
            mime=kept.mime_type,
            size=kept.size,
            caption=caption,
            album=album,
            key=self._key(visit),
            at=visit.at,
        )
        evidence.attach_file(visit, item, sent)
        self._look_into(visit, sent, content, slowly=step.arrives == "slowly")

    def keep(self, kind: EvidenceKind, name: str, place: str) -> StoredFile:
        """A file as it lies in Telegram after somebody has sent it."""
        return files.keep(self.exchange, kind.value, files.named(name, None, paper(name, place)))

    def _look_into(self, visit: Visit, sent: Sent, content: bytes, *, slowly: bool) -> None:
        mine = select(Evidence.id).where(Evidence.message_key == sent.key, Evidence.state == EvidenceState.CHECKING)
        evidence_id = self.session.scalars(mine).one()
        if slowly:
            fetcher.postpone(self.session, Evidence, evidence_id, visit.at + LOOKED_INTO_FOR)
            return
        errand = fetcher.for_evidence(self.store, lambda _session, one, _now: evidence.settled(visit.work, one))
        taken = fetcher.Taken(evidence_id, sent.file_id, sent.name, sent.mime, len(content), attempts=1)
        fetcher.settle(self.session, errand, evidence_id, errand.look(content, taken), visit.at)

    def _key(self, visit: Visit) -> str:
        return f"{visit.telegram_id}:sample-{next(self._messages)}"
