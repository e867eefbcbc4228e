"""Uploaded pictures. A picture never changes under its name, so browsers keep it for a year."""

from __future__ import annotations

from flask import Response, abort, current_app, send_from_directory

from app.config import Settings
from app.domains.articles.picture_files import mime_type
from app.infra.http.headers import FOR_EVERYONE
from app.web.articles import blueprint

A_YEAR_SECONDS = 31_536_000


@blueprint.get("/media/<name>")
def media(name: str) -> Response:
    """The file of this name, if we gave that name: no other file of the folder is served."""
    content_type = mime_type(name)
    if content_type is None:
        abort(404)
    settings: Settings = current_app.extensions["settings"]
    answer = send_from_directory(settings.media_folder, name, mimetype=content_type)
    answer.headers["Cross-Origin-Resource-Policy"] = FOR_EVERYONE
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR_SECONDS}, immutable"
    return answer
