"""Reactions that write letters: events become job rows, jobs become mail."""
