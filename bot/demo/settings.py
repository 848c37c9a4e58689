"""The demo's settings: given here, whatever the machine's environment says."""

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings import Settings

TOKEN = "1:demo"  # noqa: S105 - the simulator's; it opens nothing


class DemoSettings(Settings):
    """Settings that read neither environment nor `.env`: a demo beside a real Pandu never touches it."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def demo_settings(api_url: str, database_url: str, data_dir: Path) -> Settings:
    """Settings of a demo at this simulator."""
    return DemoSettings.model_validate(
        {
            "bot_token": TOKEN,
            "api_url": api_url,
            "database_url": database_url,
            "data_dir": data_dir,
            "help_contact": "Ibu Sari Wulandari (contoh), 021-555-0123",
            "privacy_contact": "Pejabat Pelindungan Data Pribadi (contoh), privasi@contoh.go.id",
        }
    )
