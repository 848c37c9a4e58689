"""How roles and places are named, the same everywhere."""

from collections.abc import Mapping

from bot.words import Plain, Say, _
from db.vocabulary import Role

ROLE_NAMES: Mapping[Role, Say] = {
    Role.OFFICIAL: _("official of the region"),
    Role.LEAD: _("team lead of the region"),
    Role.CONTRIBUTOR: _("contributor of a department"),
    Role.MENTOR: _("mentor"),
    Role.OBSERVER: _("observer"),
    Role.COORDINATOR: _("coordinator"),
    Role.ADMIN: _("administrator"),
}


def place_words(place: str) -> Say:
    """Where a seat is: a region, a pillar, a province, or everywhere if that is empty."""
    return Plain(place) if place else _("the whole programme")


def seat_words(role: Role, place: str) -> Say:
    """ "pejabat daerah, Kota Tebing Tinggi"."""
    return _("{role}, {place}", role=ROLE_NAMES[role], place=place_words(place))
