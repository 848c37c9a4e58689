"""A database whose process may lose its power at any commit: before it stands, or after, when nobody hears of it."""

from typing import TypeVar

from db.engine import Database, Deed

T = TypeVar("T")


class PowerCut(BaseException):
    pass


class FrailDatabase(Database):
    """Real in everything, but the `cut_at`-th write from now on is the process's last."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.writes = 0
        self.cut_at: int | None = None
        self.stands = False

    def arm(self, cut_at: int, *, stands: bool) -> None:
        """Lose power at that write; `stands` tells whether its commit still happens."""
        self.writes, self.cut_at, self.stands = 0, cut_at, stands

    async def write(self, deed: Deed[T]) -> T:
        self.writes += 1
        last = self.cut_at is not None and self.writes >= self.cut_at
        if last and not (self.stands and self.writes == self.cut_at):
            raise PowerCut
        done = await super().write(deed)
        if last:
            raise PowerCut
        return done
