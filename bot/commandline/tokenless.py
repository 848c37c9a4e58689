"""Settings for commands that never talk to Telegram. Light to import: `pandu health` is asked every few seconds."""

from bot.settings import Settings, read_settings

NO_TOKEN = "0:none"  # noqa: S105 - stands where a token is not needed


def settings_without_token() -> Settings:
    """The settings, whether a token is set or not. Raises `SettingsError`."""
    return read_settings(bot_token=NO_TOKEN)
