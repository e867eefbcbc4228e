"""The one file that knows everyone: blueprints, commands, reactions to events, jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.cli.on_call import Commands
from app.config import PROJECT, BadSettings, Settings
from app.domains.accounts import mail_stops as _mail_stops
from app.domains.accounts import models as _accounts
from app.domains.accounts.factors import models as _factors
from app.domains.answers import models as _answers
from app.domains.articles import models as _articles
from app.domains.comments import card_counts, claiming, me_too
from app.domains.comments import models as _comments
from app.domains.measures import models as _measures
from app.domains.moderation import models as _moderation
from app.domains.moderation import upkeep
from app.domains.moderation.bulk import batch_job, batches
from app.domains.moderation.queue import merged_tags
from app.domains.privacy import copies, erasing, leaving, retention
from app.domains.privacy import models as _privacy
from app.domains.resources import link_job
from app.domains.resources import models as _resources
from app.domains.screening import models as _screening
from app.domains.screening import teaching
from app.domains.tags import models as _tags
from app.feeds import views as feeds
from app.importers import models as _importers
from app.infra import audit as _audit
from app.infra import events
from app.infra import happenings as _happenings
from app.infra import repeats as _repeats
from app.infra import schema as _schema
from app.infra import stored_settings as _stored_settings
from app.infra.db import db, engine_options, replica_key
from app.infra.jobs import JobFunction
from app.infra.kept import models as _kept
from app.infra.kept import purging
from app.infra.outside import circuit as _circuit
from app.notifications import models as _notifications
from app.notifications import wires as mails
from app.notifications.replies import models as _mailed_replies
from app.opinions import wires as opinions
from app.rechecks import wires as rechecks
from app.search import models as _search
from app.search import wires as index
from app.web import pages, shown_on
from app.weekly import wires as weekly

MODELS = (
    _accounts,
    _answers,
    _articles,
    _audit,
    _circuit,
    _comments,
    _factors,
    _happenings,
    _importers,
    _kept,
    _mail_stops,
    _mailed_replies,
    _measures,
    _moderation,
    _notifications,
    _privacy,
    _repeats,
    _resources,
    _schema,
    _screening,
    _search,
    _stored_settings,
    _tags,
)
"""Imported so that migrations see every table."""

BLUEPRINTS: Sequence[Blueprint] = (*pages.BLUEPRINTS, feeds.blueprint)
COMMANDS: Mapping[str, str] = {
    "accounts": "app.cli.accounts:accounts",
    "backup": "app.cli.backing_up:backup_command",
    "demo": "app.cli.demo:group",
    "doctor": "app.cli.doctor:doctor_command",
    "export": "app.cli.exporting:group",
    "fits": "app.cli.schema:fits_command",
    "import": "app.cli.importing:group",
    "mail": "app.cli.mailing:mail",
    "matching": "app.cli.matching:group",
    "privacy": "app.cli.privacy:privacy",
    "rerender": "app.cli.rendering:rerender_command",
    "restore": "app.cli.backing_up:restore_command",
    "screening": "app.cli.screening:group",
    "search": "app.cli.searching:search",
    "serve": "app.cli.serving:serve_command",
    "settings": "app.cli.listing:settings_command",
    "start": "app.cli.serving:start_command",
    "worker": "app.cli.working:worker",
}
"""Where each stands; it is imported when it is called (`cli.on_call`)."""
UNCHECKED = frozenset(
    {
        "backup",  # a copy of an older schema is one too
        "doctor",
        "fits",
        "matching",  # looks itself where it needs the database
        "restore",
        "settings",
        "start",  # brings the database up to date itself
    }
)
"""The commands that do not refuse a database of another schema."""
JOBS: Mapping[str, JobFunction] = {
    "upkeep": upkeep.run,
    batches.JOB: batch_job.run,
    card_counts.JOB: card_counts.run,
    link_job.JOB: link_job.run,
    purging.JOB: purging.run,
    copies.JOB: copies.run,
    leaving.JOB: erasing.run,
    retention.JOB: retention.run,
    **index.JOBS,
    **mails.JOBS,
    **opinions.JOBS,
    **rechecks.JOBS,
    **weekly.JOBS,
}
PERIODS: Mapping[str, timedelta] = {
    "upkeep": timedelta(days=1),
    card_counts.JOB: card_counts.AGAIN,
    link_job.JOB: link_job.PERIOD,
    retention.JOB: retention.AGAIN,
    **index.PERIODS,
    **mails.PERIODS,
    **weekly.PERIODS,
}
"""The kinds of job that come back by themselves, and how often."""

MAY_LAG = frozenset(
    {
        "answers.index",
        "answers.show",
        "articles.archive",
        "articles.author",
        "articles.home",
        "articles.month",
        "articles.show",
        "feeds.article",
        "feeds.articles",
        "feeds.sitemap",
        "feeds.sitemap_part",
        "feeds.tag",
        "library.resource",
        "library.resources",
        "library.tag",
        "library.tags",
        "openness.summary",
        "privacy.show",
        "questions.index",
        "questions.permalink",
        "questions.show",
        "search.results",
    }
)
"""The views that show everybody the same and may be a moment behind, so that they are read from a
copy of the database where there is one (`infra.http.reading_place`)."""


def reactions() -> events.Reactions:
    """Each event's handlers: the search index first, then mail, then what comes later."""
    return _merged(
        index.REACTIONS,
        mails.REACTIONS,
        opinions.REACTIONS,
        rechecks.REACTIONS,
        merged_tags.REACTIONS,
        claiming.REACTIONS,
        me_too.REACTIONS,
    )


def later() -> events.Reactions:
    """What a worker does about events, in the same order; nobody waits for it."""
    return _merged(teaching.LATER, card_counts.LATER, index.LATER, mails.LATER)


def _merged(*several: events.Reactions) -> events.Reactions:
    merged: dict[type, list[events.Handler]] = defaultdict(list)
    for wires in several:
        for event, handlers in wires.items():
            merged[event] += handlers
    return dict(merged)


def configure(app: Flask, settings: Settings) -> None:
    """Settings as Flask and its extensions want them."""
    try:
        settings.instance_folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise BadSettings(f"INSTANCE_FOLDER cannot be made: {wrong.strerror}.") from wrong
    app.extensions["settings"] = settings
    app.extensions["reactions"] = reactions()
    app.extensions["later"] = later()
    app.extensions["jobs"] = JOBS
    app.extensions["periods"] = PERIODS
    app.extensions["may lag"] = MAY_LAG
    app.extensions["shown_on"] = shown_on.SHOWN_ON
    app.extensions["marks_of_comments"] = shown_on.marks_of_comments
    app.config.update(
        SECRET_KEY=settings.secret_key or None,
        SECRET_KEY_FALLBACKS=[*settings.secret_key_old],
        WTF_CSRF_SECRET_KEY=_all_secrets(settings),
        SESSION_COOKIE_NAME="__Host-threshold" if settings.is_https else "threshold",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.sqlalchemy_url, pooled=settings.database_pooled
        ),
        SQLALCHEMY_BINDS={
            replica_key(number): {
                "url": url,
                **engine_options(url, pooled=settings.database_pooled),
            }
            for number, url in enumerate(settings.replica_urls)
        },
        TEMPLATES_AUTO_RELOAD=False,
    )


def _all_secrets(settings: Settings) -> list[str] | None:
    """For what takes a list, of which the last one signs."""
    return [*settings.secret_key_old, settings.secret_key] if settings.secret_key else None


def connect(app: Flask) -> None:
    """Register what stands on the parts below."""
    app.cli = Commands(app.name, COMMANDS, UNCHECKED)
    Migrate(app, db, directory=str(PROJECT / "app" / "migrations"))
    pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
