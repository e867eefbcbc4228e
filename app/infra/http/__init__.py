"""What every request passes, wherever its view stands: hosts, bodies, limits, CSRF, headers."""

from flask import Flask

from app.infra.http import (
    bodies,
    cookies,
    csrf,
    errors,
    headers,
    hosts,
    limits,
    reading_place,
    speaking,
)


def install(app: Flask) -> None:
    """In this order: a request is measured and placed before anything reads its body."""
    speaking.install(app)
    reading_place.install(app)
    hosts.install(app)
    bodies.install(app)
    cookies.install(app)
    limits.install(app)
    csrf.install(app)
    headers.install(app)
    errors.install(app)
