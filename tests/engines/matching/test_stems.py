"""Of the stemmer's package only what is used is in memory."""

from __future__ import annotations

import subprocess
import sys

from app.config import PROJECT
from tests.support.alone import ALONE

ONE_LANGUAGE = """
import sys
from app.engines.matching import stems
assert stems.tokens("clicking hips") == ["click", "hip"]
languages = [name for name in sys.modules if name.endswith("_stemmer")]
import snowballstemmer
print(languages, "german" in snowballstemmer.algorithms())
"""


def test_of_thirty_languages_one_is_in_memory_and_the_others_can_be_had() -> None:
    found = subprocess.run(
        [sys.executable, "-c", ALONE + ONE_LANGUAGE],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "['snowballstemmer.english_stemmer'] True"
