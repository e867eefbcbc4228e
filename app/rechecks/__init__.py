"""Reactions that mark answers: what they link to changed, so they may be right no more."""
