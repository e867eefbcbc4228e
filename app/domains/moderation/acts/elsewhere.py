"""Undoing what was done to tags, answer cards and resources; acts on texts are `undoing`'s."""

from __future__ import annotations

from collections.abc import Sequence

from app.domains.accounts.models import Account
from app.domains.answers import rechecking as cards
from app.domains.articles.policy import may_write
from app.domains.moderation import errors
from app.domains.resources import moving
from app.domains.resources.policy import may_edit_resources
from app.domains.tags import unmerging
from app.infra.audit import AuditEntry
from app.infra.language import _, ngettext


def undoable(entries: Sequence[AuditEntry], reader: Account) -> frozenset[int]:
    """The ids of those of these acts that this reader can undo."""
    moves = moving.undoable(entries) if may_edit_resources(reader) else frozenset()
    if not may_write(reader):
        return moves
    return moves | unmerging.undoable(entries) | cards.undoable(entries)


def undo(entry: AuditEntry, *, by: Account) -> str:
    """Undo an act on a tag, a card or a resource; what became of it, in a sentence.

    Only who may do it may undo it. Raises NothingToUndo, also for an act that is none of these,
    MergeStands, CheckStands and MoveStands.
    """
    if may_edit_resources(by) and moving.is_move(entry):
        return _(
            "“%(title)s” leads to its former address again.", title=moving.undo(entry, by=by).title
        )
    if may_write(by) and unmerging.is_merge(entry):
        return _told(unmerging.undo(entry, by=by))
    if may_write(by) and cards.is_still_right(entry):
        card = cards.undo_still_right(entry, by=by)
        return _("“%(title)s” waits to be looked at again.", title=card.title)
    raise errors.NothingToUndo(_("It is nothing that can be undone."))


def _told(done: unmerging.Unmerged) -> str:
    words = _("“%(name)s” is a tag of its own again.", name=done.tag.name)
    if not done.left:
        return words
    stayed = ngettext(
        "One thing that carried it was tagged anew since and stayed as they are.",
        "%(num)s things that carried it were tagged anew since and stayed as they are.",
        done.left,
    )
    return f"{words} {stayed}"
