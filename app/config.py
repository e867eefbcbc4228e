"""Every setting: its name, type, default and meaning, read from the environment once."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "the-demo-signs-with-this-and-production-refuses-it"  # noqa: S105  (refused below)
KNOWN_SECRETS = {DEMO_SECRET, "dev", "secret", "changeme", "change-me", "secret-key"}
SHORTEST_SECRET = 32
HOURS_OF_A_YEAR = 8760
TAGLINE = "Questions and answers under every article"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadSettings(Exception):
    """The environment does not make a site; the text is one line for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can set. Field `x` is read from the environment variable `X`."""

    mode: str = "production"
    """THRESHOLD_MODE: `production`, or `demo` (own secret, demo content, plain http)."""
    secret_key: str = field(default="", repr=False)
    """Signs sessions and private links; at least 32 characters, none of the well-known ones."""
    public_url: str = "http://127.0.0.1:8000"
    """Where readers find the site; every absolute link is built on it, never on a Host header."""
    host: str = "127.0.0.1"
    port: int = 8000
    """HOST and PORT: where the embedded server listens."""
    trusted_hosts: tuple[str, ...] = ()
    """TRUSTED_HOSTS: further host names that a request may bear, separated by commas."""
    trusted_proxies: tuple[Network, ...] = ()
    """TRUSTED_PROXIES: networks whose X-Forwarded-For is believed, separated by commas."""
    database_url: str = field(default="", repr=False)
    """DATABASE_URL: `postgresql://…`; empty means SQLite in the instance folder."""
    instance_folder: Path = PROJECT / "instance"
    """INSTANCE_FOLDER: the SQLite file and the uploaded images."""
    redis_url: str = field(default="", repr=False)
    """REDIS_URL: where rate limits are counted when several processes serve; empty: in memory."""
    site_name: str = "Threshold"
    site_tagline: str = TAGLINE
    site_language: str = "en"
    guests_may_ask: bool = True
    """GUESTS_MAY_ASK=0 requires an account to write."""
    comments_close_after_days: int = 0
    """Articles older than this take no more comments; 0 leaves them open."""
    matching_model: str = "auto"
    """MATCHING_MODEL: `auto` (the model in the instance folder, if one was fetched), `none`, or a
    folder with a sentence model (`model.onnx`, `tokenizer.json`)."""
    mail_backend: str = "log"
    """`log` prints each mail to the log, `smtp` sends it."""
    mail_from: str = "threshold@example.com"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_security: str = "none"
    """`none`, `starttls` or `tls`."""
    rate_limits: bool = True
    """RATE_LIMITS=0 turns the limits off, for load tests on a closed network."""
    password_cost: int = 3
    """argon2 time cost (passes over 64 MiB); 3 is the library's own default."""
    overdue_after_hours: int = 24
    """OVERDUE_AFTER_HOURS: what waits longer for a decision is told to each moderator by mail, once
    a day; 0 tells nobody."""
    opinion_service: str = "none"
    """`none` asks nobody outside about new texts, `akismet` asks Akismet, `hook` a program of
    yours (what either is told stands in the README)."""
    opinion_url: str = field(default="", repr=False)
    """OPINION_URL: the hook's address; for Akismet empty means its own."""
    opinion_key: str = field(default="", repr=False)
    """OPINION_KEY: Akismet's key for this site, or the secret that signs what the hook is sent."""
    opinion_seconds: int = 3
    """How long one question to the outside service may take in all, from 1 to 60."""
    link_checks: bool = False
    """LINK_CHECKS=1 looks about once a week whether the addresses of resources still lead
    somewhere, by calling them."""

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def media_folder(self) -> Path:
        return self.instance_folder / "media"

    @property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL as SQLAlchemy wants it: psycopg 3 for every spelling of PostgreSQL."""
        url = self.database_url
        if not url:
            return f"sqlite:///{self.instance_folder / 'threshold.db'}"
        for spelling in ("postgres://", "postgresql://"):
            if url.startswith(spelling):
                return "postgresql+psycopg://" + url.removeprefix(spelling)
        return url

    @property
    def allowed_hosts(self) -> list[str]:
        """Host names that a request may bear: the public one, the configured, in the demo local."""
        hosts = [urlsplit(self.public_url).hostname or "", *self.trusted_hosts]
        if self.is_demo:
            hosts += [*LOOPBACK, "[::1]", self.host]
        return [host for host in hosts if host]

    def refuse_unsafe(self) -> None:
        """Raise BadSettings when this site must not be served as it is."""
        if self.is_demo:
            return
        if not self.secret_key:
            raise BadSettings(
                "SECRET_KEY is not set. Set it to 32 or more random characters, "
                "or set THRESHOLD_MODE=demo to try the program."
            )
        if self.secret_key.lower() in KNOWN_SECRETS or len(self.secret_key) < SHORTEST_SECRET:
            raise BadSettings("SECRET_KEY is well known or shorter than 32 characters.")
        host = urlsplit(self.public_url).hostname
        if not self.is_https and host not in LOOPBACK:
            raise BadSettings("PUBLIC_URL must begin with https:// in production.")


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables; raises BadSettings with the variable's name."""
    mode = environ.get("THRESHOLD_MODE", "production")
    if mode not in ("production", "demo"):
        raise BadSettings("THRESHOLD_MODE is 'production' or 'demo'.")
    host = environ.get("HOST", "127.0.0.1")
    port = _whole(environ, "PORT", 8000)
    shown = host if host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  (compared, not bound)
    secret = environ.get("SECRET_KEY", "")
    settings = Settings(
        mode=mode,
        secret_key=secret or (DEMO_SECRET if mode == "demo" else ""),
        public_url=environ.get("PUBLIC_URL", f"http://{shown}:{port}").rstrip("/"),
        host=host,
        port=port,
        trusted_hosts=_several(environ, "TRUSTED_HOSTS"),
        trusted_proxies=_networks(environ, "TRUSTED_PROXIES"),
        database_url=environ.get("DATABASE_URL", ""),
        instance_folder=Path(environ.get("INSTANCE_FOLDER", PROJECT / "instance")).resolve(),
        redis_url=environ.get("REDIS_URL", ""),
        site_name=environ.get("SITE_NAME", "Even Ground" if mode == "demo" else "Threshold"),
        site_tagline=environ.get("SITE_TAGLINE", TAGLINE),
        site_language=environ.get("SITE_LANGUAGE", "en"),
        guests_may_ask=_yes(environ, "GUESTS_MAY_ASK", default=True),
        comments_close_after_days=_whole(environ, "COMMENTS_CLOSE_AFTER_DAYS", 0),
        matching_model=environ.get("MATCHING_MODEL", "") or "auto",
        mail_backend=_one_of(environ, "MAIL_BACKEND", ("log", "smtp")),
        mail_from=environ.get("MAIL_FROM", "threshold@example.com"),
        smtp_host=environ.get("SMTP_HOST", "127.0.0.1"),
        smtp_port=_whole(environ, "SMTP_PORT", 25),
        smtp_user=environ.get("SMTP_USER", ""),
        smtp_password=environ.get("SMTP_PASSWORD", ""),
        smtp_security=_one_of(environ, "SMTP_SECURITY", ("none", "starttls", "tls")),
        rate_limits=_yes(environ, "RATE_LIMITS", default=True),
        password_cost=_whole(environ, "PASSWORD_COST", 3),
        overdue_after_hours=_whole(environ, "OVERDUE_AFTER_HOURS", 24),
        opinion_service=_one_of(environ, "OPINION_SERVICE", ("none", "akismet", "hook")),
        opinion_url=environ.get("OPINION_URL", ""),
        opinion_key=environ.get("OPINION_KEY", ""),
        opinion_seconds=_whole(environ, "OPINION_SECONDS", 3),
        link_checks=_yes(environ, "LINK_CHECKS", default=False),
    )
    if settings.overdue_after_hours > HOURS_OF_A_YEAR:
        raise BadSettings("OVERDUE_AFTER_HOURS is at most 8760, the hours of a year.")
    parts = urlsplit(settings.public_url)
    is_site = parts.scheme in ("http", "https") and parts.hostname
    if not is_site or parts.path or parts.query or parts.fragment:
        raise BadSettings("PUBLIC_URL is an address such as https://questions.example.org.")
    if settings.opinion_service != "none":
        _refuse_half_a_service(settings)
    return settings


def _refuse_half_a_service(settings: Settings) -> None:
    """Raise BadSettings when the outside service cannot be asked as it is set."""
    is_hook = settings.opinion_service == "hook"
    if (is_hook or settings.opinion_url) and not _may_be_told(settings.opinion_url):
        raise BadSettings(
            "OPINION_URL is an address that begins with https:// (http:// on this machine only) "
            "and holds no name, password or fragment."
        )
    if not settings.opinion_key:
        raise BadSettings("OPINION_KEY is not set; without it the outside service cannot be asked.")
    if is_hook and len(settings.opinion_key) < SHORTEST_SECRET:
        raise BadSettings("OPINION_KEY is shorter than 32 characters, so it signs nothing safely.")
    if not settings.opinion_key.isascii() or not 1 <= settings.opinion_seconds <= 60:
        raise BadSettings("OPINION_KEY is ASCII, and OPINION_SECONDS a number from 1 to 60.")


def _may_be_told(url: str) -> bool:
    """Whether what is sent to this address is read by nobody on the way."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.password or parts.fragment or not url.isascii():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise BadSettings(f"{name} is a whole number, not {text!r}.")
    return int(text)


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").lower()
    if text in ("", "1", "yes", "true", "on"):
        return default if not text else True
    if text in ("0", "no", "false", "off"):
        return False
    raise BadSettings(f"{name} is 1 or 0, not {text!r}.")


def _one_of(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    text = environ.get(name, choices[0])
    if text not in choices:
        raise BadSettings(f"{name} is one of {', '.join(choices)}, not {text!r}.")
    return text


def _several(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _networks(environ: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in _several(environ, name))
    except ValueError as wrong:
        raise BadSettings(f"{name} is a list of networks such as 10.0.0.0/8: {wrong}.") from wrong
