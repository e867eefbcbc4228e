"""Refusals about following."""

from app.infra.language import sentence
from app.infra.refusal import Refusal


class FollowsTooMuch(Refusal):
    status = 409
    public = sentence("You follow 200 things already. Stop following one of them first.")
