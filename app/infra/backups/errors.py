"""Why a backup was not made, or not taken back."""

from __future__ import annotations


class BackupFailed(Exception):
    """The text is a sentence for the operator; nothing that was there before was changed."""
