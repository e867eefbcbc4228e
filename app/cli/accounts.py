"""`flask --app wsgi accounts …`: the only way to make staff, the first admin included."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.domains.accounts import emails, passwords, queries, recovery, services
from app.domains.accounts.factors import services as factors
from app.domains.accounts.models import NAME_LENGTH, Account
from app.domains.accounts.states import Role
from app.domains.articles import authoring
from app.domains.articles import services as writing
from app.engines.text.admission import admit_line
from app.engines.text.errors import UnfitText
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work

accounts = AppGroup("accounts", help="Make accounts, list them, and change what they may do.")
ROLES = click.Choice([str(role) for role in Role])


@accounts.command("create")
@click.option("--role", type=ROLES, required=True)
@click.option("--name", required=True, help="What readers see.")
@click.option("--email", required=True)
@click.option("--username", help="What stands in addresses; made from the name when left out.")
@click.option("--password", help="Asked for when left out; a shell keeps what is typed here.")
@click.option("--generate", is_flag=True, help="Make up a password and print it once.")
def create(
    role: str,
    name: str,
    email: str,
    username: str | None,
    password: str | None,
    generate: bool,
) -> None:
    """Make an account. Its address is taken for proven."""
    try:
        name = admit_line(name, limit=NAME_LENGTH)
        email = emails.read_email(email)
        password_hash = _new_password(password, generate, name, email, username or "")
        with unit_of_work():
            account = services.create_staff(
                name=name,
                email=email,
                password_hash=password_hash,
                role=Role(role),
                username=username,
            )
            click.echo(f"{account.name} ({account.username}) is {account.role} now.")
    except UnfitText as unfit:
        raise click.ClickException(unfit.message) from unfit
    except Refusal as refusal:
        raise click.ClickException(refusal.public) from refusal


@accounts.command("list")
def list_all() -> None:
    """Everybody with an account, staff and readers, by role."""
    for account in queries.all_accounts():
        state = "disabled" if not account.is_active else "" if account.is_proven else "unproven"
        step = "second step" if account.has_second_step else ""
        words = " ".join(filter(None, (state, step)))
        line = f"{account.role:<10} {account.username:<24} {account.address.email:<32} {words}"
        click.echo(line.rstrip())


@accounts.command("role")
@click.argument("who")
@click.argument("role", type=ROLES)
def change_role(who: str, role: str) -> None:
    """Give WHO (a username or an address) another role; they sign in anew."""
    with unit_of_work():
        account = _get(who)
        services.change_role(account, Role(role))
        click.echo(f"{account.username} is {account.role} now.")


@accounts.command("disable")
@click.argument("who")
def disable(who: str) -> None:
    """Shut WHO out at once; what they wrote stays."""
    with unit_of_work():
        account = _get(who)
        services.disable(account)
        click.echo(f"{account.username} is disabled.")


@accounts.command("enable")
@click.argument("who")
def enable(who: str) -> None:
    """Let WHO in again."""
    with unit_of_work():
        account = _get(who)
        services.enable(account)
        click.echo(f"{account.username} can sign in again.")


@accounts.command("password")
@click.argument("who")
@click.option("--password", help="Asked for when left out; a shell keeps what is typed here.")
@click.option("--generate", is_flag=True, help="Make up a password and print it once.")
def set_password(who: str, password: str | None, generate: bool) -> None:
    """Set a new password for WHO and sign them out everywhere."""
    account = _get(who)
    try:
        password_hash = _new_password(
            password, generate, account.name, account.address.email, account.username
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.public) from refusal
    with unit_of_work():
        account = _get(who)
        recovery.change_password(account, password_hash, by_staff=True)
        click.echo(f"The password of {account.username} is set.")


@accounts.command("give-articles")
@click.argument("who")
@click.argument("to")
def give_articles(who: str, to: str) -> None:
    """Let every article of WHO stand under the name of TO, another author, from now on. What WHO
    answered in threads stays theirs."""
    ids = authoring.all_of(_get(who))
    try:
        with click.progressbar(ids, label="Giving articles") as steps:
            for article_id in steps:
                with unit_of_work():
                    if (article := authoring.find(article_id)) is not None:
                        writing.give(article, _get(to))
    except Refusal as refusal:
        raise click.ClickException(refusal.public) from refusal
    click.echo(f"{len(ids)} articles stand under the name of {_get(to).username} now.")


second_factor = AppGroup("second-factor", help="The second step of signing in.")
accounts.add_command(second_factor)


@second_factor.command("reset")
@click.argument("who")
def reset_second_step(who: str) -> None:
    """Take the second step away from WHO, who lost the app, the passkeys and the recovery codes.
    Make sure that it is really they who ask."""
    with unit_of_work():
        account = _get(who)
        if not account.has_second_step:
            raise click.ClickException(f"{account.username} has no second step.")
        factors.reset(account, by_name="command line")
        click.echo(f"{account.username} signs in without a second step until they set up another.")


def _new_password(password: str | None, generate: bool, *personal: str) -> str:
    """The hash of a password given, made up or asked for. Raises WeakPassword."""
    settings: Settings = current_app.extensions["settings"]
    if generate:
        password = passwords.generate()
        click.echo(f"Password: {password}")
    elif password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    passwords.refuse_weak(password, settings.site_name, *personal)
    return passwords.hash_password(password, cost=settings.password_cost)


def _get(who: str) -> Account:
    account = queries.find_account(who)
    if account is None:
        raise click.ClickException(f"There is no account {who!r}.")
    return account
