"""Tells thanks from a further question: thanks open nothing again."""

import re

_WORD = re.compile(r"[^\W_]+")
# One of these must be there …
_THANKS = re.compile(
    r"terima|terimakasih|trimakasih|makasih|trims|nuwun|suwun|thanks?|thx|jelas|paham|mengerti|dimengerti|ok|oke|okay|"
    r"baik|siap|noted|sip|mantap|clear|understood"
)
# … and nothing but these beside it.
_POLITE = re.compile(
    r"kasih|banyak|sekali|sangat|atas|jawaban|jawabannya|bantuan|bantuannya|penjelasan|penjelasannya|info|infonya|"
    r"informasi|informasinya|bapak|ibu|pak|bu|sudah|ya|dan|kami|saya|matur|membantu|tim|ahli|semua|"
    r"you|very|much|for|the|answer|help|it|is|now|all"
)


def is_thanks(text: str) -> bool:
    """Whether a message says thanks, or that it is clear, and nothing else: no doubt, no further question."""
    words = _WORD.findall(text.casefold())
    thanking = [word for word in words if _THANKS.fullmatch(word)]
    rest = [word for word in words if not _THANKS.fullmatch(word)]
    return bool(thanking) and "?" not in text and all(map(_POLITE.fullmatch, rest))
