"""Why an answer cannot be called still right."""

from app.infra.language import sentence
from app.infra.refusal import Refusal


class NothingToCheck(Refusal):
    public = sentence("Somebody looked at it already; nothing about this answer is left to check.")
    status = 409
