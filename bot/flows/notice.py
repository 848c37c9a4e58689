"""The privacy notice that everybody reads before anything of theirs is kept."""

from bot.words import Plain, Say, _, lines, paragraphs

# Grows with every change of meaning below; everybody is then asked again.
NOTICE_VERSION = 2


def notice(contact: str) -> Say:
    """What is kept, why, on what basis and for how long, and whom to ask (Law 27/2022, articles 20-22)."""
    return paragraphs(
        _("🔒 <b>Privacy notice</b> (version {version})", version=str(NOTICE_VERSION)),
        lines(
            _("<b>Kept:</b> name, position, region and role, Telegram account number, language and time zone."),
            _(
                "<b>If you give it:</b> your telephone number, only to call you when Telegram does not reach you. "
                "Coordinators, administrators and the lead of your region see it; you may remove it at any time."
            ),
            _("<b>Also kept:</b> evidence, notes, questions, answers, ratings and decisions, each with name and time."),
        ),
        _(
            "<b>Why:</b> to guide and document the programme. The basis is the public duty of the programme "
            "and your consent (Law 27/2022, articles 20 to 22)."
        ),
        _(
            "<b>How long:</b> your profile until twelve months after the closing. Evidence and decisions belong to the "
            "region and stay as its official record."
        ),
        _("Messages pass through Telegram, whose servers are abroad. Please never send identity numbers (NIK)."),
        _(
            "You may see, correct or delete your data, limit its use and withdraw your consent: please write to "
            "{contact}",
            contact=contact_words(contact),
        ),
    )


def contact_words(contact: str) -> Say:
    """The contact of the settings, or who to turn to where none is set."""
    return Plain(contact) if contact else _("the coordinator of the programme")
