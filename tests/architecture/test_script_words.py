"""What scripts say to people has its place in the table that pages in other languages bring."""

from __future__ import annotations

import re

from jinja2 import nodes

from app.config import PROJECT
from tests.support.templates import FOLDER, parsed

SAID = re.compile(r'\bsaid\(\s*"([^"]+)"')


def test_every_word_that_a_script_says_can_be_said_in_other_languages() -> None:
    scripts = (PROJECT / "static" / "js").rglob("*.js")
    said = {words for path in scripts for words in SAID.findall(path.read_text())}
    table = parsed(FOLDER / "macros" / "script_words.html").find_all(nodes.Dict)
    known = {
        pair.key.value for one in table for pair in one.items if isinstance(pair.key, nodes.Const)
    }
    assert said == known
