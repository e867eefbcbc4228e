"""A site whose mails can be answered, and a question that waits for its author."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from tests.factories import make_account, make_article
from tests.notifications.replies.steps import (
    INES,
    MARTA,
    Pass,
)
from tests.notifications.steps import asked_and_approved
from tests.support.settings import change_settings
from tests.support.smtp import MailServer


@pytest.fixture
def app(app: Flask) -> Flask:
    change_settings(app, mail_reply_address="reply+{token}@in.example.org")
    return app


@pytest.fixture
def marta(app: Flask) -> Account:
    return make_account(Role.AUTHOR, name="Marta", email=MARTA)


@pytest.fixture
def question(marta: Account) -> Comment:
    return asked_and_approved(make_article(author=marta), make_account(Role.MODERATOR), email=INES)


@pytest.fixture
def mail(question: Comment, mails: MailServer, pass_time: Pass) -> EmailMessage:
    """What the author got about the one question that waits for her."""
    pass_time(timedelta(minutes=11))
    (found,) = mails.to(MARTA)
    mails.clear()
    return found
