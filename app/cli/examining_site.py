"""What stands around the database, as the doctor sees it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import redis as redis_client
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.cli import matching
from app.cli.findings import Finding, look, well, wrong
from app.config import BadSettings, Settings
from app.config.reading import SECRETS
from app.infra import clock, fitness, mail
from app.notifications.replies import listing

PRIVATE = (
    *("/instance/threshold.db", "/threshold.db", "/.env", "/.git/config", "/media/../threshold.db"),
    *("/media/threshold.db", "/backups/", "/instance/backups/", "/app/config/settings.py"),
)
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"})
BACKUP_AGE = timedelta(days=2)
PATIENCE_SECONDS = 5


def settings(site: Settings) -> Iterator[Finding]:
    try:
        site.refuse_unsafe()
    except BadSettings as bad:
        yield wrong("settings", str(bad), "See docs/running.md.")
        return
    if site.is_demo:
        yield look(
            "settings",
            "This is the demo: its secret is known to everybody.",
            "For a real site leave THRESHOLD_MODE out.",
        )
    else:
        yield well("settings", f"The site is {site.public_url} and has a secret of its own.")
    if site.is_https and not site.trusted_proxies:
        yield look(
            "settings",
            "No proxy is trusted, so all readers seem to come from one address.",
            "Set TRUSTED_PROXIES to the network of the proxy that speaks https.",
        )
        if site.metrics_networks:
            yield look(
                "settings",
                "METRICS_NETWORKS names addresses, and all readers seem to come from the proxy's.",
                "Set TRUSTED_PROXIES, or measure by METRICS_TOKEN alone.",
            )
    if site.secret_key_old:
        yield look(
            "settings",
            "An earlier secret still opens sessions and links.",
            "Take it out of SECRET_KEY_OLD a month after the change.",
        )
    for name in SECRETS:
        path = os.environ.get(f"{name}_FILE", "")
        if path and Path(path).stat().st_mode & 0o044:
            yield look(
                "settings",
                f"Others on this machine may read the file of {name}.",
                f"Run: chmod 600 {path}",
            )


def folders(site: Settings) -> Iterator[Finding]:
    folder = site.instance_folder
    if fitness.folder_problem(site):
        yield wrong(
            "folder", f"{folder} takes no file.", "Give it to the user that the site runs as."
        )
    elif folder.stat().st_mode & 0o002:
        yield wrong("folder", f"Everybody may write into {folder}.", f"Run: chmod 750 {folder}")
    else:
        yield well("folder", "The instance folder takes files, and only from its owner.")
    if site.media_folder.is_dir():
        foreign = [
            one.name for one in site.media_folder.iterdir() if one.suffix.lower() not in PICTURES
        ]
        if foreign:
            yield look(
                "folder",
                f"Among the pictures lies {foreign[0]!r}.",
                "What lies there is not served, and does not belong there.",
            )


def disk(site: Settings) -> Iterator[Finding]:
    problem = fitness.disk_problem(site)
    if problem == "cannot be looked at":
        yield wrong("disk", "It cannot be looked at.", "See that INSTANCE_FOLDER is there.")
        return
    free = shutil.disk_usage(site.instance_folder).free // fitness.MEBIBYTE
    if problem:
        yield wrong(
            "disk",
            f"{free:,} MiB are free, less than {site.disk_least_mb:,}.",
            "Make room; the site cannot save much longer.",
        )
    elif free < 5 * site.disk_least_mb:
        yield look("disk", f"{free:,} MiB are free.", "Make room before it is needed.")
    else:
        yield well("disk", f"{free:,} MiB are free.")


def model(site: Settings) -> Iterator[Finding]:
    yield well("matching", matching.at_start(site))


def served() -> Iterator[Finding]:
    """Ask the program itself for what it must never give; nothing goes over the network."""
    browser = current_app.test_client()
    settings_: Settings = current_app.extensions["settings"]
    scheme = urlsplit(settings_.public_url).scheme
    base = f"{scheme}://{settings_.allowed_hosts[0]}"
    given = [
        path for path in PRIVATE if browser.get(path, base_url=base).status_code in (200, 206, 304)
    ]
    if given:
        yield wrong(
            "served",
            f"The site gives {given[0]} to everybody.",
            "Take it out of the folders that are served.",
        )
    else:
        yield well("served", "The program gives nobody the database, backups or settings.")


def redis(site: Settings) -> Iterator[Finding]:
    if not site.redis_url:
        yield well("redis", "None is set; limits are counted in each process.")
        return
    try:
        with redis_client.Redis.from_url(
            site.redis_url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS
        ) as connection:
            connection.ping()
    except (redis_client.RedisError, ValueError):
        yield wrong(
            "redis",
            "It does not answer.",
            "See that it runs and that REDIS_URL is right; limits go on in memory.",
        )
    else:
        yield well("redis", "It answers.")


def mail_server(site: Settings) -> Iterator[Finding]:
    if site.mail_backend != "smtp":
        if not site.is_demo:
            yield look(
                "mail",
                "No mail is sent: MAIL_BACKEND is log.",
                "Set MAIL_BACKEND=smtp and the server's SMTP_ settings.",
            )
        return
    where = f"{site.smtp_host}:{site.smtp_port}"
    try:
        mail.greet(site)
    except mail.DeliveryProblem as fault:
        yield wrong(
            "mail",
            f"{where} cannot be used to send mail: {fault}.",
            "See SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER and SMTP_PASSWORD.",
        )
    else:
        yield well("mail", f"{where} answers. Nothing was sent.")


def answers_by_mail(site: Settings) -> Iterator[Finding]:
    if not site.mail_reply_address:
        yield well("answers", "Nobody can answer by mail: MAIL_REPLY_ADDRESS is not set.")
        return
    if site.mail_backend != "smtp":
        yield look(
            "answers",
            "MAIL_REPLY_ADDRESS is set, and no mail is sent that could be answered.",
            "Set MAIL_BACKEND=smtp.",
        )
        return
    last = _last_answer()
    if last is None:
        yield look(
            "answers",
            f"No answer by mail has come in for {listing.KEPT.days} days.",
            "Answer a mail of the site; see docs/running.md where it does not arrive.",
        )
    else:
        days = (clock.now() - last).days
        when = "today" if days == 0 else f"{days} days ago"
        yield well("answers", f"The last answer by mail came in {when}.")


def _last_answer() -> datetime | None:
    """None also where the database cannot tell; its own lines say so."""
    try:
        return listing.last_came()
    except SQLAlchemyError:
        return None


def backups(site: Settings) -> Iterator[Finding]:
    made = [path.stat().st_mtime for path in site.backup_folder.glob("threshold-*.tar")]
    if not made:
        yield look(
            "backup",
            f"There is none in {site.backup_folder}.",
            "Let a timer run: flask --app wsgi backup",
        )
        return
    age = clock.now() - datetime.fromtimestamp(max(made), UTC)
    if age > BACKUP_AGE:
        yield look(
            "backup",
            f"The newest is {age.days} days old.",
            "See why the timer that runs `backup` does not.",
        )
    else:
        yield well("backup", f"The newest of {len(made)} is of the last {BACKUP_AGE.days} days.")
