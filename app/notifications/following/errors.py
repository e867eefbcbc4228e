"""Refusals about following."""

from app.infra.refusal import Refusal


class FollowsTooMuch(Refusal):
    status = 409
    public = "You follow 200 things already. Stop following one of them first."
