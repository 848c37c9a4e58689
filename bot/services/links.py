"""Words and an address in one message, as meetings and announcements take them."""

import re

from bot.files.links import Link, check_link
from bot.words import Refusal, _

LINK_LIMIT = 1000
_ADDRESS = re.compile(r"\S+://\S*|\bwww\.\S+", re.IGNORECASE)


def read_link(text: str) -> tuple[str, str]:
    """The words, and the address in the form in which it is stored; each is empty where it is missing. Raises `Refusal`
    for an address that nobody can open."""
    found = _ADDRESS.search(text)
    if found is None:
        return text.strip(), ""
    return f"{text[: found.start()]} {text[found.end() :]}".strip(), _checked(found[0])


def _checked(address: str) -> str:
    link = check_link(address.rstrip(".,;)"), ("*",))
    if not isinstance(link, Link) or len(link.url) > LINK_LIMIT:
        raise Refusal(_("This link cannot be opened. It must begin with https://, as in https://zoom.us/j/123."))
    return link.url
