"""`flask --app wsgi doctor`: look at everything a site needs, and say what to do."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask.cli import with_appcontext

from app.cli import examining_data, examining_provider, examining_site
from app.cli.findings import Finding, Grade
from app.infra.log_lines import visible
from app.infra.running import settings as running_settings


@click.command("doctor")
@click.option("--quick", is_flag=True, help="Do not read the whole database for damage.")
@with_appcontext
def doctor_command(*, quick: bool) -> None:
    """Look at settings, database, mail, provider, disk, jobs and folders; change nothing.

    Each line says `well`, `look` or `wrong`, and what to do. Ends with 1 where something is wrong.
    """
    grades = []
    for finding in _findings(quick=quick):
        _say(finding)
        grades.append(finding.grade)
    if Grade.WRONG in grades:
        raise click.exceptions.Exit(1)


def _findings(*, quick: bool) -> Iterator[Finding]:
    settings = running_settings()
    yield from examining_site.settings(settings)
    yield from examining_site.folders(settings)
    yield from examining_site.disk(settings)
    is_readable = True
    for finding in examining_data.database(settings, quick=quick):
        is_readable = is_readable and finding.grade is not Grade.WRONG
        yield finding
    if is_readable:
        yield from examining_data.jobs_and_texts(settings)
        yield from examining_data.clocks()
        yield from examining_site.model(settings)
        yield from examining_site.served()
    yield from examining_site.redis(settings)
    yield from examining_site.mail_server(settings)
    yield from examining_site.answers_by_mail(settings)
    yield from examining_provider.openid()
    yield from examining_site.backups(settings)


def _say(finding: Finding) -> None:
    click.echo(f"{finding.grade:<6} {finding.place:<10} {visible(finding.text)}")
    if finding.advice:
        click.echo(f"{'':<18}{visible(finding.advice)}")
