"""Walking every public address of the site as somebody, and remembering what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.architecture.routes import EVERYONE, KEYED, MAY_USE, OWN
from tests.support.client import Browser

NOT_A_PAGE = {"assets"}
"""Files of the repository: no row is behind them."""
ASKED_OTHERWISE = {
    "articles.home": ["after=1_1", "p=1"],
    "articles.show": ["view=oldest", "view=answered", "view=unanswered", "after=1_1"],
    "questions.index": ["view=oldest", "view=answered", "view=unanswered", "after=1_1"],
    "library.tag": ["view=answered", "view=unanswered", "after=1_1"],
    "library.resources": ["kind=exercise", "after=hip_1"],
    "search.results": ["q=hip", "q=quixotrop", "q=quixotrop&kind=question", "q=%25"],
}
OF_ONE_ANSWER = {"Set-Cookie", "X-Request-ID"}
_FRESH = re.compile(r'(name="(?:csrf_token|ticket)"[^>]*value=")[^"]*"')

Places = Mapping[str, Iterable[Mapping[str, object]]]


@dataclass(frozen=True)
class Seen:
    """One answer, without what is fresh in every form."""

    status: int
    body: str
    headers: Mapping[str, str]


def public_rules(app: Flask, *, signed_in: bool) -> list[Rule]:
    """The rules that answer a GET of everybody, and of every member where one is signed in."""
    wanted = {route for route, who in MAY_USE.items() if who == EVERYONE}
    wanted |= set(OWN) if signed_in else set()
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and f"GET {rule.endpoint}" in wanted
        and f"GET {rule.endpoint}" not in KEYED
        and rule.endpoint not in NOT_A_PAGE
    ]


def addresses(app: Flask, places: Places, *, signed_in: bool = False) -> list[str]:
    """The address of every public rule with each of the things in `places` that fits it: endpoint
    to the values of its parts. A rule with parts that `places` leaves out fails the test."""
    found = []
    with app.test_request_context():
        for rule in public_rules(app, signed_in=signed_in):
            fitting = places[rule.endpoint] if rule.arguments else [{}]
            for values in fitting:
                path = url_for(rule.endpoint, **values)
                found.append(path)
                found += [f"{path}?{query}" for query in ASKED_OTHERWISE.get(rule.endpoint, ())]
    return list(dict.fromkeys(found))


def seen(answer: TestResponse) -> Seen:
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("Set-Cookie", "X-Request-ID")
    }
    return Seen(answer.status_code, _FRESH.sub(r'\1"', answer.text), headers)


def walk(browser: Browser, paths: Iterable[str]) -> dict[str, Seen]:
    """What the site answers at each address."""
    return {path: seen(browser.get(path)) for path in paths}
