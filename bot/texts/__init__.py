"""Words into text, in the reader's language and within Telegram's limits."""

from bot.texts.catalogs import DEFAULT_LANGUAGE, LANGUAGES, Texts
from bot.texts.cleaning import clean_name, mask_nik
from bot.texts.fitting import cut, split_html, utf16_len
from bot.texts.formats import zone_label
from bot.texts.markup import escape, without_tags

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Texts",
    "clean_name",
    "cut",
    "escape",
    "mask_nik",
    "split_html",
    "utf16_len",
    "without_tags",
    "zone_label",
]
