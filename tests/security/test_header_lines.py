"""No header of an answer holds a line that somebody else wrote."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.security.test_hostile_requests import message, talk
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

BREAKS = ["%0d%0a", "%0a", "%0d", "%e5%98%8a%e5%98%8d", "%c4%8d%c4%8a", "%e2%80%a8", "%c2%85"]
"""Line breaks, and letters whose low bytes are line breaks where somebody cuts them off."""


@pytest.mark.parametrize("line_break", BREAKS)
def test_i08_no_address_that_leads_on_begins_a_header(
    app: Flask, live_server: str, line_break: str
) -> None:
    question = factories.make_question("Why?")
    ending = f"{line_break}X-Evil: 1{line_break}{line_break}<b>"
    for path in (
        f"/questions/{question.id}-x{ending}",
        f"/comments/{question.id}?x={ending}",
        f"/articles/{question.article.slug}/{ending}",
        f"/author/?next={ending}",
        f"//articles//x{ending}",
        f"/moderation/log/export/csv?act={ending}",
    ):
        sent = message(live_server, b"GET " + path.replace(" ", "%20").encode())
        _, answer, _ = talk(live_server, sent)
        head = answer.split(b"\r\n\r\n", 1)[0]

        assert b"\r\n" in head, path
        assert not any(line.strip().startswith(b"X-Evil") for line in head.splitlines()), path


@pytest.mark.parametrize("typed", ["\r\nX-Evil: 1", "\nX-Evil: 1", "\u560a\u560dX-Evil: 1"])
def test_i08_no_title_and_no_tag_leads_on_to_a_header(client: Browser, typed: str) -> None:
    article = factories.make_article(f"Hips{typed}")
    question = factories.make_question(article=article, title=f"Why{typed}")
    for path in (f"/questions/{question.id}", f"/articles/{article.slug}", "/feed.atom"):
        answer = client.get(path)
        assert answer.status_code in (200, 301, 308), path
        for name, value in answer.headers:
            assert name != "X-Evil"
            assert value.isascii()
            assert value.isprintable(), (path, name)
