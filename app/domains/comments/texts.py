"""What is made of a typed text: safe HTML, and a fingerprint that finds it again."""

from __future__ import annotations

import hashlib
import unicodedata

from app.engines.text.render import render_comment, render_reply


def rendered(source: str, *, by_staff: bool) -> str:
    """Safe HTML of a text in a thread: readers link outside, staff also to pages of this site."""
    return render_reply(source) if by_staff else render_comment(source)


def fingerprint(source: str) -> str:
    """The same for texts that differ in case, spaces, signs and invisible characters only."""
    folded = unicodedata.normalize("NFKC", source).casefold()
    letters = "".join(character for character in folded if character.isalnum()) or folded
    return hashlib.sha256(letters.encode()).hexdigest()
