"""All that the checks are told about a new text and its writer."""

from __future__ import annotations

from dataclasses import dataclass

from app.engines.said import Said
from app.engines.spam.rules import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The defaults are those of a harmless first text by somebody unknown.

    ``proven``: the owner of the address has opened a link that was mailed to it, so
    ``approved_before`` counts comments that really were theirs. ``decided_lately`` and
    ``turned_down_lately`` count what people decided on the sender's texts within 30 days, and how
    much of that was rejected or spam. ``standing`` is the reason of a measure that holds all of
    theirs, ``None`` without one. ``namesake`` is how somebody else in the thread is called whom
    readers could take for the sender, empty where nobody is. ``new_hosts`` and ``short_hosts`` are
    those of its links that no approved text had, and that hide where they lead. ``likeness`` is to
    the likest text of the last week (0 to 1), by somebody else unless ``like_own``.
    ``seconds_to_fill`` is ``None`` where nobody measured (an API, a form kept open over a restart).
    ``capitals`` is the share of them among the letters, ``foreign_letters`` that of letters in
    ``scripts`` that the site's language is not written in. ``spam_chance`` is the model's, ``None``
    until it learnt enough; ``spam_words`` speak for spam, ``loud_words`` say most either way.
    ``opinion_wanted``: a service outside is asked before a text may pass.
    """

    is_staff: bool = False
    proven: bool = False
    approved_before: int = 0
    decided_lately: int = 0
    turned_down_lately: int = 0
    standing: str | None = None
    name_looks_like_staff: bool = False
    namesake: str = ""
    link_count: int = 0
    new_hosts: tuple[str, ...] = ()
    short_hosts: tuple[str, ...] = ()
    same_by_others: bool = False
    likeness: float = 0.0
    like_own: bool = False
    honeypot_filled: bool = False
    seconds_to_fill: float | None = None
    capitals: float = 0.0
    foreign_letters: float = 0.0
    scripts: tuple[str, ...] = ()
    disguised_words: tuple[str, ...] = ()
    matches: tuple[Match, ...] = ()
    spam_chance: float | None = None
    spam_words: tuple[Said, ...] = ()
    loud_words: tuple[Said, ...] = ()
    opinion_wanted: bool = False
