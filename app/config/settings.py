"""Every setting: its name, type, default and meaning."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent.parent
DEMO_SECRET = "the-demo-signs-with-this-and-production-refuses-it"  # noqa: S105  (refused below)
KNOWN_SECRETS = {DEMO_SECRET, "dev", "secret", "changeme", "change-me", "secret-key"}
SHORTEST_SECRET = 32
TAGLINE = "Questions and answers under every article"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

POSTGRESQL = "postgresql+psycopg://"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadSettings(Exception):
    """The environment does not make a site; the text is one line for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can set. Field `x` is read from the environment variable `X`; the text below
    a field is what `flask settings` and docs/running.md say of it. What is not shown (`repr=False`)
    is a secret, which may also stand in a file that `X_FILE` names."""

    mode: str = "production"
    """`production`, or `demo` (own secret, demo content, plain http)."""
    secret_key: str = field(default="", repr=False)
    """Signs sessions and private links; at least 32 characters, none of the well-known ones."""
    secret_key_old: tuple[str, ...] = field(default=(), repr=False)
    """Earlier SECRET_KEYs, separated by commas: what they signed is still taken, nothing new is
    signed with them."""
    public_url: str = "http://127.0.0.1:8000"
    """Where readers find the site; every absolute link is built on it, never on a Host header."""
    host: str = "127.0.0.1"
    """The address where the embedded server listens."""
    port: int = 8000
    """The port where the embedded server listens."""
    trusted_hosts: tuple[str, ...] = ()
    """Further host names that a request may bear, separated by commas."""
    trusted_proxies: tuple[Network, ...] = ()
    """Networks whose X-Forwarded-For and X-Request-ID are believed, separated by commas."""
    database_url: str = field(default="", repr=False)
    """`postgresql://…`; empty means SQLite in the instance folder."""
    database_replica_urls: tuple[str, ...] = field(default=(), repr=False)
    """Copies of that PostgreSQL, kept by streaming, that anonymous pages are read from; separated
    by commas."""
    replica_lag_seconds: int = 2
    """A copy that is further behind is not read until it has caught up; from 1 to 60."""
    database_pooled: bool = False
    """1 where the database's addresses lead to PgBouncer in transaction mode."""
    instance_folder: Path = PROJECT / "instance"
    """The SQLite file, the uploaded images and the model."""
    redis_url: str = field(default="", repr=False)
    """Where rate limits are counted when several processes serve; empty: in memory."""
    site_name: str = "Threshold"
    """What readers see as the site's name."""
    site_tagline: str = TAGLINE
    """The sentence under the name."""
    site_language: str = "en"
    """The language of the articles, and of the pages for whoever chose none, until an admin sets
    another under Settings, Language and time zone (`en`, `de`, `es`, `ar`)."""
    reserved_names: tuple[str, ...] = ()
    """Names that nobody but staff may bear, nor one that looks like them, separated by commas; the
    site's own name and words such as admin always are."""
    guests_may_ask: bool = True
    """0 requires an account to write."""
    comments_close_after_days: int = 0
    """Articles older than this take no more comments; 0 leaves them open."""
    matching_model: str = "auto"
    """`auto` (the model in the instance folder, if one was fetched), `none`, or a folder with a
    sentence model (`model.onnx`, `tokenizer.json`)."""
    matching_in_memory: int = 100_000
    """So many texts' vectors are searched in memory; those of more by an index of PostgreSQL, where
    it has the extension `vector`."""
    mail_backend: str = "log"
    """`log` prints each mail to the log, `smtp` sends it."""
    mail_from: str = "threshold@example.com"
    """The sender of every mail."""
    smtp_host: str = "127.0.0.1"
    """The mail server."""
    smtp_port: int = 25
    """The mail server's port."""
    smtp_user: str = ""
    """The name at the mail server; empty: none is given."""
    smtp_password: str = field(default="", repr=False)
    """The password at the mail server."""
    smtp_security: str = "none"
    """`none`, `starttls` or `tls`."""
    mail_hook_token: str = field(default="", repr=False)
    """Who bears it (`Authorization: Bearer …`) may tell the site at `/mail/returned` which mail
    came back, and bring answers by mail to `/mail/received`; at least 16 characters; empty: nobody
    may."""
    mail_reply_address: str = ""
    """Where mails about a text are answered to, such as `reply+{token}@example.org`; empty: nobody
    can answer by mail."""
    mail_reply_days: int = 30
    """How many days such an address holds, from 1 to 30."""
    mail_authserv_id: str = ""
    """The name under which your mail server writes down what it found out about a sender
    (`Authentication-Results`); empty: it is not asked for."""
    rate_limits: bool = True
    """0 turns the limits off, for load tests on a closed network."""
    password_cost: int = 3
    """argon2 time cost (passes over 64 MiB); 3 is the library's own default."""
    proof_idle_minutes: int = 30
    """What reaches far (a new address, settings, measures against people, acts on many) asks for
    the password again after so many minutes without a request, from 10 to 1440."""
    proof_hours: int = 12
    """And after so many hours in any case, from 1 to 168."""
    staff_second_factor: str = "auto"
    """`1`: authors, moderators and admins set up a second step of signing in before they reach
    anything else; `0`: they may; `auto`: `1` in production, `0` in the demo."""
    openid_issuer: str = ""
    """The OpenID provider that people may sign in with, exactly as it names itself, such as
    `https://id.example.org/realms/blog`; empty: none, and nobody is called."""
    openid_client_id: str = ""
    """What that provider calls this site."""
    openid_client_secret: str = field(default="", repr=False)
    """What this site shows the provider to be known by."""
    openid_name: str = ""
    """What the button calls the provider; empty: its host."""
    overdue_after_hours: int = 24
    """What waits longer for a decision is told to each moderator by mail, once a day; 0 tells
    nobody."""
    opinion_service: str = "none"
    """`none` asks nobody outside about new texts, `akismet` asks Akismet, `hook` a program of
    yours (what either is told stands in the README)."""
    opinion_url: str = field(default="", repr=False)
    """The hook's address; for Akismet empty means its own."""
    opinion_key: str = field(default="", repr=False)
    """Akismet's key for this site, or the secret that signs what the hook is sent."""
    opinion_seconds: int = 3
    """How long one question to the outside service may take in all, from 1 to 60."""
    link_checks: bool = False
    """1 looks about once a week whether the addresses of resources still lead somewhere, by
    calling them."""
    kept_megabytes: int = 8
    """How much memory a process gives to pages that it keeps for guests."""
    purge_url: str = field(default="", repr=False)
    """Where a cache in front of the site is told what has changed; empty tells nobody, and no
    cache may answer without asking."""
    hsts_subdomains: bool = False
    """1 tells browsers that every name below the site's speaks https too, for two years."""
    log_format: str = "auto"
    """`json`, `text`, or `auto`: JSON in production, lines to read in the demo."""
    slow_query_ms: int = 500
    """A statement that takes longer is written to the log, without its values; 0 writes none."""
    metrics_token: str = field(default="", repr=False)
    """Who bears it (`Authorization: Bearer …`) may read `/metrics`; at least 16 characters."""
    metrics_networks: tuple[Network, ...] = ()
    """Networks that may read `/metrics` without the token, separated by commas."""
    disk_least_mb: int = 200
    """With less room on the disk of the instance folder `/readyz` answers 503."""
    backup_folder: Path = PROJECT / "instance" / "backups"
    """Where `backup` writes; best on another disk. Empty: `backups` in the instance folder."""
    postgres_programs: str = ""
    """The folder of pg_dump and pg_restore; empty: they are found on the path."""
    backup_keep_daily: int = 7
    """Of how many days `backup` keeps the last one of the day."""
    backup_keep_weekly: int = 5
    """Of how many weeks `backup` keeps the last one of the week."""

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def staff_must_have_second_step(self) -> bool:
        if self.staff_second_factor == "auto":
            return not self.is_demo
        return self.staff_second_factor == "1"

    @property
    def openid_called(self) -> str:
        """What people know the OpenID provider by; empty where there is none."""
        return self.openid_name or urlsplit(self.openid_issuer).hostname or ""

    @property
    def media_folder(self) -> Path:
        return self.instance_folder / "media"

    @property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL as SQLAlchemy wants it: psycopg 3 for every spelling of PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.instance_folder / 'threshold.db'}"
        return _with_driver(self.database_url)

    @property
    def replica_urls(self) -> list[str]:
        """The same of DATABASE_REPLICA_URLS."""
        return [_with_driver(url) for url in self.database_replica_urls]

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
        for name, secret in (
            ("SECRET_KEY", self.secret_key),
            *(("SECRET_KEY_OLD", old) for old in self.secret_key_old),
        ):
            if secret.lower() in KNOWN_SECRETS or len(secret) < SHORTEST_SECRET:
                raise BadSettings(f"{name} is well known or shorter than 32 characters.")
        host = urlsplit(self.public_url).hostname
        if not self.is_https and host not in LOOPBACK:
            raise BadSettings("PUBLIC_URL must begin with https:// in production.")


def _with_driver(url: str) -> str:
    for spelling in ("postgres://", "postgresql://"):
        if url.startswith(spelling):
            return POSTGRESQL + url.removeprefix(spelling)
    return url
