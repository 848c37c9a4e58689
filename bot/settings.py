"""Every setting, once. They come from the environment, from `.env` or from secret files, prefix `PANDU_`."""

import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SECRET_DIRECTORY = Path("/run/secrets")
_DATABASES = ("sqlite+aiosqlite:///", "postgresql+psycopg://")
TELEGRAM = "https://api.telegram.org"


class LogForm(StrEnum):
    TEXT = "text"
    JSON = "json"


class SettingsError(Exception):
    """A setting is missing or wrong. The text names it and the remedy, on one line."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="PANDU_",
        env_file=".env",
        env_ignore_empty=True,
        secrets_dir=SECRET_DIRECTORY if SECRET_DIRECTORY.is_dir() else None,
        extra="ignore",
        frozen=True,
    )

    bot_token: SecretStr
    """What BotFather gave, `123456:ABC…`. Better in the secret file `pandu_bot_token` than in the environment."""

    api_url: str = TELEGRAM
    """Root of the Bot API server: methods at ROOT/bot<token>/…, files at ROOT/file/bot<token>/…."""

    database_url: str = "sqlite+aiosqlite:///data/pandu.db"
    """`sqlite+aiosqlite:///FILE` for one machine, `postgresql+psycopg://…` for several."""

    data_dir: Path = Path("data")
    """Copies of evidence, backups and the heartbeat."""

    edition: Path | None = None
    """Content file of the programme's year; empty: the one shipped with Pandu, closing on the next 1 December."""

    webhook_url: AnyHttpUrl | None = None
    """Public address of the webhook; empty: long polling, which needs no open port."""

    webhook_secret: SecretStr | None = None
    """1–256 of A-Z a-z 0-9 _ -, compared on every webhook call (Bot API, setWebhook)."""

    listen: str | None = None
    """host:port of webhook, health and metrics; empty: no port is opened."""

    total_rate: int = Field(default=29, ge=1, le=100_000)
    """Messages a second over all; Telegram takes about 30."""

    bulk_rate: int = Field(default=25, ge=1, le=100_000)
    """Messages a second for announcements and reminders together."""

    log: LogForm = LogForm.TEXT
    """`text` for people, `json` for collectors."""

    admin_chat: int | None = None
    """Telegram chat that is told of faults."""

    alert_url: AnyHttpUrl | None = None
    """Told of faults outside Telegram, by a POST of JSON."""

    privacy_contact: str = ""
    """Whom the privacy notice names."""

    help_contact: str = ""
    """The human contact that /bantuan and the invitation letter name: name and telephone number."""

    evidence_hosts: Annotated[tuple[str, ...], NoDecode] = (
        "*.go.id",
        "drive.google.com",
        "docs.google.com",
        "onedrive.live.com",
        "1drv.ms",
        "*.sharepoint.com",
        "dropbox.com",
        "www.dropbox.com",
        "youtube.com",
        "www.youtube.com",
        "youtu.be",
    )
    """Where a link that proves an item may point, comma-separated; `*.` stands for any part before."""

    upload_megabytes_a_day: int = Field(default=500, ge=1)
    """Evidence one person may send within 24 hours, in megabytes."""

    flood_per_minute: int = Field(default=60, ge=5)
    """Messages of one person a minute after which Pandu asks to wait and is silent."""

    @field_validator("evidence_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: Any) -> Any:
        return (
            tuple(part.strip().lower() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        return known_database(value)

    @field_validator("bot_token")
    @classmethod
    def _token_form(cls, value: SecretStr) -> SecretStr:
        number, _, rest = value.get_secret_value().strip().partition(":")
        if not (number.isdigit() and rest):
            raise ValueError("must look like 123456:ABC…, as BotFather writes it")
        return SecretStr(value.get_secret_value().strip())

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("PANDU_WEBHOOK_SECRET is needed beside PANDU_WEBHOOK_URL")
        if self.webhook_url and not self.listen:
            raise ValueError("PANDU_LISTEN (host:port) is needed beside PANDU_WEBHOOK_URL")
        return self


def known_database(url: str) -> str:
    """The URL, if it names a database that Pandu can keep its things in. Raises `ValueError` with the remedy."""
    if not url.startswith(_DATABASES):
        raise ValueError(f"must begin with {' or '.join(_DATABASES)}")
    try:
        named = make_url(url).database
    except (ValueError, ArgumentError):
        named = None
    if not named:
        raise ValueError(
            f"must name a database, as {_DATABASES[0]}data/pandu.db or {_DATABASES[1]}USER:PASSWORD@HOST/NAME"
        )
    return url


def read_settings(**given: Any) -> Settings:
    """Read the settings; `given` values win. Raises `SettingsError`, one line, for the first fault."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_first_fault(error)) from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    if not fault["loc"]:
        return fault["msg"].removeprefix("Value error, ")
    name = f"PANDU_{str(fault['loc'][0]).upper()}"
    if fault["type"] == "missing":
        return f"{name} is not set: put it into the environment, into .env or into a secret file {name.lower()}"
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"


def owner_name() -> str:
    """A name for this process in claims and leases; another after each start."""
    return secrets.token_hex(6)
