"""How much of a text is another one. Pure."""

from __future__ import annotations

import re
from collections import Counter

SHARE_OF_ANOTHER_TEXT = 0.2
"""Of the words: an edit of more than a fifth may change what a text tells."""
_WORD = re.compile(r"\w+")


def is_another(title_before: str, before: str, title: str, text: str) -> bool:
    """Whether an edit changed a text in substance: its title, or more than a fifth of its words."""
    return title != title_before or share_changed(before, text) > SHARE_OF_ANOTHER_TEXT


def share_changed(before: str, after: str) -> float:
    """The share of words that the two texts do not have in common, by the longer one: 0 to 1.

    Where words stand makes no difference: a passage that only moved says the same.
    """
    was, now = (Counter(_WORD.findall(text.casefold())) for text in (before, after))
    longer = max(was.total(), now.total())
    return 1 - (was & now).total() / longer if longer else float(before.strip() != after.strip())
