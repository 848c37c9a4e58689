"""What Telegram accepts as HTML, checked the strict way."""

import re
from html.parser import HTMLParser

ALLOWED = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


class Strict(HTMLParser):
    """Keeps what is seen; refuses unknown, unbalanced or decorated tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.seen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else []), attrs
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"nothing is open at </{tag}>"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")


def parsed(html: str) -> Strict:
    """The HTML as Telegram would read it; fails where Telegram would refuse."""
    bare = re.sub(r"<[^<>]*>", "", html)
    assert "<" not in bare, html
    assert ">" not in bare, html
    assert "&" not in ENTITY.sub("", html), html
    parser = Strict()
    parser.feed(html)
    parser.close()
    assert parser.open == [], html
    return parser
