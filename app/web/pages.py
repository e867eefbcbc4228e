"""Every blueprint of HTML pages, and what their templates may ask for."""

from __future__ import annotations

from flask import Flask

from app.web import (
    accounts,
    addresses,
    answers,
    articles,
    author,
    filters,
    following,
    health,
    library,
    mailbox,
    manner,
    moderation,
    openness,
    pictures,
    privacy,
    questions,
    returned,
    search,
    settings,
)

BLUEPRINTS = (
    accounts.blueprint,
    answers.blueprint,
    articles.blueprint,
    author.blueprint,
    following.blueprint,
    health.blueprint,
    library.blueprint,
    mailbox.blueprint,
    moderation.blueprint,
    openness.blueprint,
    privacy.blueprint,
    questions.blueprint,
    returned.blueprint,
    search.blueprint,
    settings.blueprint,
)


def install(app: Flask) -> None:
    filters.install(app)
    manner.install(app)
    addresses.install(app)
    pictures.install(app)
