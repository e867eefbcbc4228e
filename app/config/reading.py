"""Settings read from the environment once, secrets also from files."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from app.config.public_url import as_browsers_say
from app.config.settings import (
    DEMO_SECRET,
    LOOPBACK,
    POSTGRESQL,
    PROJECT,
    SHORTEST_SECRET,
    TAGLINE,
    BadSettings,
    Network,
    Settings,
)

_REPLY_ADDRESS = re.compile(
    r"[A-Za-z0-9._+=-]*\{token\}[A-Za-z0-9._+=-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+"
)
HOURS_OF_A_YEAR = 8760
SHORTEST_TOKEN = 16
LONGEST_SECRET_FILE = 64 * 1024
LONGEST_ISSUER = 255  # as much as the column of identities holds
LONGEST_PROVIDER = 40
SECRETS = tuple(one.name.upper() for one in fields(Settings) if not one.repr)
"""The variables that may stand in a file: `X_FILE` names it."""


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables; raises BadSettings with the variable's name."""
    environ = _with_files(environ)
    mode = environ.get("THRESHOLD_MODE", "production")
    if mode not in ("production", "demo"):
        raise BadSettings("THRESHOLD_MODE is 'production' or 'demo'.")
    host = environ.get("HOST", "127.0.0.1")
    port = _whole(environ, "PORT", 8000)
    shown = host if host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  (compared, not bound)
    shown = f"[{shown}]" if ":" in shown else shown
    secret = environ.get("SECRET_KEY", "")
    folder = Path(environ.get("INSTANCE_FOLDER", PROJECT / "instance")).resolve()
    settings = Settings(
        mode=mode,
        secret_key=secret or (DEMO_SECRET if mode == "demo" else ""),
        secret_key_old=_several(environ, "SECRET_KEY_OLD"),
        public_url=as_browsers_say(environ.get("PUBLIC_URL", f"http://{shown}:{port}")),
        host=host,
        port=port,
        trusted_hosts=_several(environ, "TRUSTED_HOSTS"),
        trusted_proxies=_networks(environ, "TRUSTED_PROXIES"),
        database_url=environ.get("DATABASE_URL", ""),
        database_replica_urls=_several(environ, "DATABASE_REPLICA_URLS"),
        replica_lag_seconds=_whole(environ, "REPLICA_LAG_SECONDS", 2),
        database_pooled=_yes(environ, "DATABASE_POOLED", default=False),
        instance_folder=folder,
        redis_url=environ.get("REDIS_URL", ""),
        site_name=environ.get("SITE_NAME", "Even Ground" if mode == "demo" else "Threshold"),
        site_tagline=environ.get("SITE_TAGLINE", TAGLINE),
        site_language=environ.get("SITE_LANGUAGE", "en"),
        reserved_names=_several(environ, "RESERVED_NAMES"),
        guests_may_ask=_yes(environ, "GUESTS_MAY_ASK", default=True),
        comments_close_after_days=_whole(environ, "COMMENTS_CLOSE_AFTER_DAYS", 0),
        matching_model=environ.get("MATCHING_MODEL", "") or "auto",
        matching_in_memory=_whole(environ, "MATCHING_IN_MEMORY", 100_000),
        mail_backend=_one_of(environ, "MAIL_BACKEND", ("log", "smtp")),
        mail_from=environ.get("MAIL_FROM", "threshold@example.com"),
        smtp_host=environ.get("SMTP_HOST", "127.0.0.1"),
        smtp_port=_whole(environ, "SMTP_PORT", 25),
        smtp_user=environ.get("SMTP_USER", ""),
        smtp_password=environ.get("SMTP_PASSWORD", ""),
        smtp_security=_one_of(environ, "SMTP_SECURITY", ("none", "starttls", "tls")),
        mail_hook_token=environ.get("MAIL_HOOK_TOKEN", ""),
        mail_reply_address=environ.get("MAIL_REPLY_ADDRESS", ""),
        mail_reply_days=_whole(environ, "MAIL_REPLY_DAYS", 30),
        mail_authserv_id=environ.get("MAIL_AUTHSERV_ID", ""),
        rate_limits=_yes(environ, "RATE_LIMITS", default=True),
        password_cost=_whole(environ, "PASSWORD_COST", 3),
        proof_idle_minutes=_whole(environ, "PROOF_IDLE_MINUTES", 30),
        proof_hours=_whole(environ, "PROOF_HOURS", 12),
        staff_second_factor=_one_of(environ, "STAFF_SECOND_FACTOR", ("auto", "1", "0")),
        openid_issuer=environ.get("OPENID_ISSUER", ""),
        openid_client_id=environ.get("OPENID_CLIENT_ID", ""),
        openid_client_secret=environ.get("OPENID_CLIENT_SECRET", ""),
        openid_name=environ.get("OPENID_NAME", ""),
        overdue_after_hours=_whole(environ, "OVERDUE_AFTER_HOURS", 24),
        opinion_service=_one_of(environ, "OPINION_SERVICE", ("none", "akismet", "hook")),
        opinion_url=environ.get("OPINION_URL", ""),
        opinion_key=environ.get("OPINION_KEY", ""),
        opinion_seconds=_whole(environ, "OPINION_SECONDS", 3),
        link_checks=_yes(environ, "LINK_CHECKS", default=False),
        kept_megabytes=_whole(environ, "KEPT_MEGABYTES", 8),
        purge_url=environ.get("PURGE_URL", ""),
        hsts_subdomains=_yes(environ, "HSTS_SUBDOMAINS", default=False),
        log_format=_one_of(environ, "LOG_FORMAT", ("auto", "json", "text")),
        slow_query_ms=_whole(environ, "SLOW_QUERY_MS", 500),
        metrics_token=environ.get("METRICS_TOKEN", ""),
        metrics_networks=_networks(environ, "METRICS_NETWORKS"),
        disk_least_mb=_whole(environ, "DISK_LEAST_MB", 200),
        backup_folder=Path(environ.get("BACKUP_FOLDER", "") or folder / "backups").resolve(),
        postgres_programs=environ.get("POSTGRES_PROGRAMS", ""),
        backup_keep_daily=_whole(environ, "BACKUP_KEEP_DAILY", 7),
        backup_keep_weekly=_whole(environ, "BACKUP_KEEP_WEEKLY", 5),
    )
    _refuse_nonsense(settings)
    return settings


def _with_files(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, with each secret whose file is named (`SECRET_KEY_FILE`) read from there."""
    found = dict(environ)
    for name in SECRETS:
        path = environ.get(f"{name}_FILE", "")
        if not path:
            continue
        if environ.get(name):
            raise BadSettings(f"{name} and {name}_FILE are both set. Keep one of them.")
        found[name] = _from_file(name, Path(path))
    return found


def _from_file(name: str, path: Path) -> str:
    """The one line of a file. What it holds is never repeated in the refusal."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST_SECRET_FILE).decode().strip("\r\n")
    except OSError as wrong:
        raise BadSettings(f"{name}_FILE cannot be read: {wrong.strerror}.") from wrong
    except UnicodeDecodeError as wrong:
        raise BadSettings(f"{name}_FILE is not text in UTF-8.") from wrong
    if not text or not text.isprintable():
        raise BadSettings(f"{name}_FILE does not hold one line of text.")
    return text


def _refuse_nonsense(settings: Settings) -> None:
    if settings.overdue_after_hours > HOURS_OF_A_YEAR:
        raise BadSettings("OVERDUE_AFTER_HOURS is at most 8760, the hours of a year.")
    if settings.metrics_token and not _is_token(settings.metrics_token):
        raise BadSettings("METRICS_TOKEN is 16 or more visible ASCII characters.")
    if settings.mail_hook_token and not _is_token(settings.mail_hook_token):
        raise BadSettings("MAIL_HOOK_TOKEN is 16 or more visible ASCII characters.")
    _refuse_half_an_address(settings)
    _refuse_a_proof_that_never_holds(settings)
    if settings.backup_keep_daily < 1:
        raise BadSettings("BACKUP_KEEP_DAILY is at least 1, or the backup just made would go.")
    databases = [settings.sqlalchemy_url, *settings.replica_urls]
    if settings.replica_urls and not all(url.startswith(POSTGRESQL) for url in databases):
        raise BadSettings("DATABASE_REPLICA_URLS needs postgresql:// there and in DATABASE_URL.")
    if not 1 <= settings.replica_lag_seconds <= 60:
        raise BadSettings("REPLICA_LAG_SECONDS is a number from 1 to 60.")
    if settings.opinion_service != "none":
        _refuse_half_a_service(settings)
    _refuse_half_a_provider(settings)


def _refuse_a_proof_that_never_holds(settings: Settings) -> None:
    """Raise BadSettings where an act that reaches far would ask every time, or as good as never."""
    if not 10 <= settings.proof_idle_minutes <= 1440:
        raise BadSettings("PROOF_IDLE_MINUTES is a number from 10 to 1440, the minutes of a day.")
    if not 1 <= settings.proof_hours <= 168:
        raise BadSettings("PROOF_HOURS is a number from 1 to 168, the hours of a week.")


def _is_token(text: str) -> bool:
    return len(text) >= SHORTEST_TOKEN and text.isascii() and text.isprintable() and " " not in text


def _refuse_half_an_address(settings: Settings) -> None:
    """Raise BadSettings where answers by mail could not come to the address as it is set."""
    if settings.mail_reply_address and not _takes_token(settings.mail_reply_address):
        raise BadSettings(
            "MAIL_REPLY_ADDRESS is an address such as reply+{token}@example.org, with at most 16 "
            "characters beside {token} before the @."
        )
    if not 1 <= settings.mail_reply_days <= 30:
        raise BadSettings("MAIL_REPLY_DAYS is a number from 1 to 30.")


def _takes_token(address: str) -> bool:
    return bool(_REPLY_ADDRESS.fullmatch(address)) and len(address.partition("@")[0]) <= 16 + 7


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


def _refuse_half_a_provider(settings: Settings) -> None:
    """Raise BadSettings when nobody can sign in with the OpenID provider as it is set."""
    client = (settings.openid_client_id, settings.openid_client_secret)
    if not settings.openid_issuer:
        if any(client):
            raise BadSettings("OPENID_ISSUER is not set, so there is nobody to sign in with.")
        return
    issuer, is_demo = settings.openid_issuer, settings.is_demo
    if not may_be_called(issuer, is_demo=is_demo) or "?" in issuer:
        raise BadSettings("OPENID_ISSUER is an address that begins with https://, without a query.")
    if len(settings.openid_issuer) > LONGEST_ISSUER:
        raise BadSettings(f"OPENID_ISSUER has at most {LONGEST_ISSUER} characters.")
    if not all(one and one.isascii() and one.isprintable() for one in client):
        raise BadSettings("OPENID_CLIENT_ID and OPENID_CLIENT_SECRET are both set, in ASCII.")
    if len(settings.openid_name) > LONGEST_PROVIDER or not settings.openid_name.isprintable():
        raise BadSettings(f"OPENID_NAME is one line of at most {LONGEST_PROVIDER} characters.")


def may_be_called(url: str, *, is_demo: bool) -> bool:
    """Whether somebody's sign-in may depend on this address: https, or in the demo a program on
    this machine."""
    return _may_be_told(url) and (is_demo or url.startswith("https://"))


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
