"""Threads in pieces that are the same for everybody, laid together for one.

Between the pieces are gaps, one behind each comment, for what differs by who looks at it: the ways
to reply and report, and for the staff to decide. What most people find there is kept too, so that
for a reader only their own comments are drawn by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from flask import get_template_attribute
from markupsafe import Markup

from app.domains.comments.faces import CardAnswer
from app.domains.comments.threads import ShownLine
from app.web.questions.lines import ThreadPen
from app.web.questions.remarks import GAP, ActionShape, Said, actions

BYTES_OF_ONE = 250
"""About what a remark costs beside its piece: what is known of it, and what fills its gap."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at a thread, as far as it changes what is drawn: `own` are the comments that are
    known to be theirs, and `account_id` those of an account."""

    may_reply: bool
    moderates: bool = False
    writes: bool = False
    account_id: int | None = None
    own: frozenset[int] = frozenset()

    @property
    def is_anybody(self) -> bool:
        """Whether no single comment is another to them than to others."""
        return self.account_id is None and not self.own and not self.writes

    def wrote(self, one: Said) -> bool:
        is_theirs = self.account_id is not None and one.account_id == self.account_id
        return is_theirs or one.id in self.own


@dataclass(slots=True)
class Laid:
    """Drawn lines. `pieces` are one more than what was `said`."""

    pieces: list[str]
    said: list[Said]
    _usual: dict[ActionShape, list[str]] = field(default_factory=dict)
    """What stands in the gaps for most, by what they may do."""

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(map(len, self.pieces)) + BYTES_OF_ONE * len(self.said)

    def for_one(self, looker: Looker) -> Markup:
        """The lines as this person finds them."""
        return Markup("".join(self.parts_for(looker)))  # noqa: S704  (drawn by our own templates)

    def parts_for(self, looker: Looker) -> list[str]:
        """The same, to be joined with others."""
        shape = ActionShape(looker.may_reply, looker.moderates, reports=True, becomes=False)
        usual = self._usual.get(shape)
        if usual is None:
            usual = self._usual[shape] = actions(self.said, shape)
        parts = [""] * (2 * len(usual) + 1)
        parts[0::2], parts[1::2] = self.pieces, usual
        if looker.is_anybody:
            return parts
        for at, one in enumerate(self.said):
            own, becomes = looker.wrote(one), looker.writes and one.becomes
            if own or becomes:
                (mine,) = actions([one], shape._replace(reports=not own, becomes=becomes))
                parts[2 * at + 1] = mine
        return parts


def branch(
    lines: Sequence[ShownLine],
    looker: Looker,
    *,
    level: int = 3,
    above: Collection[CardAnswer] = (),
) -> Markup:
    """The lines of one thread, drawn for this person; `above` are cards that stand over them."""
    pen = ThreadPen(level)
    html = str(get_template_attribute("macros/thread.html", "thread")(lines, pen, above))
    return Laid(html.split(GAP), pen.said).for_one(looker)
