"""The settings: one table of names, defaults and meanings."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from data.errors import BadSettings
from data.speech import english

USER, PLACE = r"(?:[^\s@:/?#]*(?::[^\s@/?#]*)?@)?", r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]*)(?::\d{1,5})?"
POSTGRES = re.compile(rf"(?:postgres|postgresql|postgresql\+psycopg)(://{USER}{PLACE}(?:/[^\s#]*)?)")
SECRET = ("control", "sign_in", "sign_in.client_secret", "sign_in.cookie_secret")  # never shown
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ROOT = Path(__file__).resolve().parent.parent
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Activation(Part):
    steps: tuple[str, ...] = Field(
        ("welcome_seen", "value_demonstrated", "first_action"),
        min_length=1,
        description="The events that make up onboarding, in order",
    )
    within_days: int = Field(
        7, ge=1, le=365, description="Days of 24 hours in which all steps must be reached"
    )

    @field_validator("steps")
    @classmethod
    def steps_differ(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(steps)) != len(steps):
            raise ValueError("each step may be named once")
        return steps


class Value(Part):
    events: tuple[str, ...] = Field(
        ("first_action",), min_length=1, description="Events that are first value"
    )


class Engagement(Part):
    events: tuple[str, ...] = Field((), description="Events that count as engagement; empty: any event")


class Lifetime(Part):
    gross_margin: float = Field(
        1.0, gt=0, le=1, description="The share of revenue that is left after the cost of serving it"
    )
    discount_rate: float = Field(
        0.1, ge=0, le=1, description="By how much less money is worth that comes a year later"
    )


class Intake(Part):
    body_bytes: int = Field(
        20_971_520, ge=1000, description="The largest body that a door takes, packed or unpacked"
    )
    item_bytes: int = Field(10_000_000, ge=1000, description="The largest item that a batch may hold")
    items: int = Field(10_000, ge=1, description="The most items that a batch may hold")
    requests_per_second: float = Field(
        5_000, gt=0, description="How often a key or a webhook's source may send; five seconds' worth at once"
    )
    body_seconds: float = Field(30, gt=0, description="Within how many seconds a body must have arrived")
    waiting_bytes: int = Field(
        256_000_000, ge=1000, description="Bodies that may be read and written to the inbox at once, together"
    )


class Api(Part):
    requests_per_second: float = Field(
        20, gt=0, description="How often a token may ask for numbers; five seconds' worth at once"
    )


class SourceSettings(Part):
    zone: str = Field("UTC", description="The zone in which times without an offset are read")
    late_after_minutes: int | None = Field(
        None,
        ge=0,
        description="After how many silent minutes it is late, 0 for never; unless said, a door or pulled "
        "source is after three times its longest pause of seven days, 15 minutes at least, 7 days at most",
    )

    @field_validator("zone")
    @classmethod
    def zone_exists(cls, zone: str) -> str:
        return known_zone(zone)


class SignIn(Part):
    """How people sign in: an OpenID Connect provider, and how long a sign-in lasts."""

    metadata_url: str = Field(
        pattern=r"^https?://[^\s]+$",
        description="The provider's discovery document, https://…/.well-known/openid-configuration",
    )
    client_id: str = Field(min_length=1, description="What the provider calls Holdfast")
    client_secret: SecretStr = Field(description="The secret it gave with that")
    cookie_secret: SecretStr = Field(
        description="Signs the cookie that browsers hold: 32 random characters or more; whoever knows it can "
        "be anybody; a new one signs everybody out"
    )
    redirect: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?/oauth2callback$",
        description="Where the provider sends people back to, as it is registered there; unless given, "
        "public_url/oauth2callback",
    )
    scopes: str = Field("openid email profile", description="What the provider is asked to tell")
    prompt: str = Field("select_account", description="What the provider is to ask people on the way in")
    email_claim: str = Field("email", min_length=1, description="The claim that holds the address")
    name_claim: str = Field("name", min_length=1, description="The claim that holds the name")
    email_domains: tuple[str, ...] = Field(
        (), description="Only people with an address in one of these may come in; empty: any that is let in"
    )
    idle_minutes: float = Field(
        480, gt=0, description="After how long without a click a sign-in ends; redrawing by itself is none"
    )
    absolute_hours: float = Field(24, gt=0, le=720, description="After how long a sign-in ends in any case")

    @field_validator("cookie_secret")
    @classmethod
    def cookie_secret_is_long(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < 32:
            raise ValueError("it has at least 32 random characters, such as `openssl rand -hex 32` prints")
        return secret

    @model_validator(mode="after")
    def provider_is_private(self) -> Self:
        """What the provider says decides who comes in: nobody on the way may change it."""
        place = urlsplit(self.metadata_url)
        if place.scheme != "https" and place.hostname not in LOOPBACK:
            raise ValueError("metadata_url begins with https://, unless the provider is on this machine")
        return self


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(
            english("{name} is not an IANA time zone such as 'Europe/Warsaw' or 'UTC'", name=repr(name))
        ) from unknown
    return name


class Settings(BaseSettings):
    """All that can be set, from holdfast.toml and HOLDFAST_* variables (a variable wins)."""

    model_config = SettingsConfigDict(
        env_prefix="HOLDFAST_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    home: Path = Field(ROOT / "data" / "var", description="Where runtime files live")
    control: SecretStr | None = Field(
        None,
        description="The PostgreSQL that keeps what people decide, as postgresql://user:password@host/name; "
        "unless given, a SQLite file in the home does",
    )
    timezone: str = Field("UTC", description="The company's IANA time zone: days begin at its midnight")
    base_currency: str = Field(
        "USD", pattern="^[A-Z]{3}$", description="The currency every amount is shown in"
    )
    segments: tuple[str, ...] = Field(
        ("plan", "region", "channel"),
        max_length=6,
        description="Attributes of the account that every metric is split by, six at most",
    )
    week_start: Weekday = Field("monday", description="The day a week begins on")
    activation: Activation = Activation()
    value: Value = Value()
    engagement: Engagement = Engagement()
    lifetime: Lifetime = Lifetime()
    intake: Intake = Intake()
    api: Api = Api()
    sources: dict[str, SourceSettings] = Field(
        {}, description="What is particular to one source, by its name"
    )
    engine: Literal["beside", "elsewhere"] = Field(
        "beside", description="Whether the web process starts the engine and keeps it running"
    )
    doors: Literal["here", "elsewhere"] = Field(
        "here", description="Whether the web process takes deliveries in; elsewhere: another machine does"
    )
    host: str = Field("127.0.0.1", description="The address pages are served on")
    port: int = Field(8501, ge=1, le=65535, description="The port pages are served on")
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Where people open the pages, for the links in messages; unless given, http://host:port",
    )
    sign_in: SignIn | None = Field(
        None,
        description="How people sign in; unless given, pages are served to this machine's own user only",
    )
    archive_after_seconds: float = Field(
        300,
        ge=0,
        description="How long what was taken in may wait in the inbox until it is archived, if it is little",
    )
    memory: str = Field(
        "4GB", pattern=r"^\d+(\.\d+)?(MB|GB)$", description="The most memory the warehouse may use"
    )

    @field_validator("home", mode="before")
    @classmethod
    def home_is_named(cls, home: str | Path) -> str | Path:
        if home == "":  # it would be the folder somebody happens to stand in
            raise ValueError("name a folder, or leave the setting out")
        return home

    @field_validator("control")
    @classmethod
    def control_is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not POSTGRES.fullmatch(url.get_secret_value()):
            raise ValueError(
                "it is written like postgresql://user:password@host:5432/name, and signs such as @ or / in a "
                "password like %40 and %2F"
            )
        return url

    @field_validator("timezone")
    @classmethod
    def timezone_exists(cls, zone: str) -> str:
        return known_zone(zone)

    @field_validator("segments")
    @classmethod
    def segments_differ(cls, segments: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(segments)) != len(segments) or "all" in segments:
            raise ValueError("each attribute may be named once, and 'all' is taken")
        return segments

    @model_validator(mode="after")
    def home_is_absolute(self) -> Self:
        object.__setattr__(self, "home", self.home.expanduser().resolve())
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic passes all of them by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @property
    def tz(self) -> tzinfo:
        return ZoneInfo(self.timezone)

    @property
    def pages_url(self) -> str:
        """Where people open the pages, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def redirect(self) -> str:
        """Where the identity provider sends people back to."""
        given = self.sign_in.redirect if self.sign_in else None
        return given or f"{self.pages_url}/oauth2callback"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def archive(self) -> Path:
        return self.home / "archive"

    @property
    def control_url(self) -> str:
        """With its password: not to be shown or logged."""
        given = POSTGRES.fullmatch(self.control.get_secret_value()) if self.control else None
        return f"postgresql+psycopg{given[1]}" if given else f"sqlite:///{self.home / 'control.sqlite'}"

    def zone_of(self, source: str) -> str:
        return self.sources[source].zone if source in self.sources else "UTC"


def config_file(environ: Mapping[str, str] = os.environ) -> Path:
    return Path(environ.get("HOLDFAST_CONFIG") or ROOT / "holdfast.toml")


def load(**given: Any) -> Settings:
    """Read the settings.

    Raises:
        BadSettings: one sentence naming the key, its value and what is allowed.
    """
    named = os.environ.get("HOLDFAST_CONFIG")
    if named and not Path(named).is_file():
        raise BadSettings(f"HOLDFAST_CONFIG names {named}, which is not a file.")
    try:
        return Settings(**given)
    except tomllib.TOMLDecodeError as bad:
        raise BadSettings(f"{config_file()} is not valid TOML: {bad}.") from bad
    except UnicodeDecodeError as bad:
        raise BadSettings(f"{config_file()} is not UTF-8 text.") from bad
    except ValidationError as bad:
        raise BadSettings(sentence(bad)) from bad


def sentence(bad: ValidationError) -> str:
    first = bad.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"There is no setting {key!r}; the settings are: {known}."
    is_shown = key not in SECRET and not isinstance(first["input"], dict)  # which may hold a secret
    shown = f" = {first['input']!r}" if is_shown else ""
    return f"Setting {key}{shown} is not allowed: {first['msg'].removeprefix('Value error, ')}."
