"""Pages are drawn from either side: style sheets say start and end, never left and right."""

from __future__ import annotations

import re

from app.config import PROJECT

SHEETS = sorted((PROJECT / "static" / "css").rglob("*.css"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b"
    r"|^\s*(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius",
    re.MULTILINE,
)


def test_no_sheet_names_a_side() -> None:
    said = {
        path.name: PHYSICAL.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL))
        for path in SHEETS
    }
    assert {name: found for name, found in said.items() if found} == {}
