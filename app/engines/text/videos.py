"""Addresses of videos on YouTube and Vimeo, taken apart by strict patterns.

A page never loads a player by itself: it carries a plain link to the watch page, and
the player's address beside it for the script that waits for a click.
"""

import re
from dataclasses import dataclass

_YOUTUBE = re.compile(
    r"https?://(?:(?:www|m)\.)?"
    r"(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|embed/|live/)"
    r"|youtube-nocookie\.com/embed/"
    r"|youtu\.be/)"
    r"(?P<id>[A-Za-z0-9_-]{11})(?:[?&#/].*)?",
    re.IGNORECASE,
)
_VIMEO = re.compile(
    r"https?://(?:(?:www\.)?vimeo\.com/|player\.vimeo\.com/video/)"
    r"(?P<id>[0-9]{1,12})(?:[?&#/].*)?",
    re.IGNORECASE,
)
_PLAYER = re.compile(
    r"https://www\.youtube-nocookie\.com/embed/[A-Za-z0-9_-]{11}"
    r"|https://player\.vimeo\.com/video/[0-9]{1,12}\?dnt=1"
)


@dataclass(frozen=True, slots=True)
class Video:
    """``watch`` is the page a plain link opens, ``player`` what loads after a click."""

    host: str
    watch: str
    player: str


def find_video(address: str) -> Video | None:
    """The video that ``address`` shows, or ``None`` where it is anything else."""
    if found := _YOUTUBE.fullmatch(address):
        name = found["id"]
        return Video(
            host="YouTube",
            watch=f"https://www.youtube.com/watch?v={name}",
            player=f"https://www.youtube-nocookie.com/embed/{name}",
        )
    if found := _VIMEO.fullmatch(address):
        name = found["id"]
        return Video(
            host="Vimeo",
            watch=f"https://vimeo.com/{name}",
            player=f"https://player.vimeo.com/video/{name}?dnt=1",
        )
    return None


def is_player(address: str) -> bool:
    """Whether ``address`` is a player's address exactly as :func:`find_video` writes it."""
    return _PLAYER.fullmatch(address) is not None
