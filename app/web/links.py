"""Absolute addresses for pages; their home is below, where mails find them too."""

from app.infra.http.links import absolute

__all__ = ["absolute"]
