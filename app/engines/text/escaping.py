"""Words put into Markdown, where they mean what they say and nothing else."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!<>|~&:@])")


def as_markdown(words: str) -> str:
    """Plain words on one line, their signs escaped.

    >>> as_markdown("Is it [here](/x) or *there*?")
    'Is it \\\\[here\\\\]\\\\(/x\\\\) or \\\\*there\\\\*?'
    """
    return _MARKS.sub(r"\\\1", " ".join(words.split()))
