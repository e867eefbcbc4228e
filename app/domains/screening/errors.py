"""Why a rule is not taken, or not made live."""

from app.infra.refusal import Refusal, UnfitField


class UnfitRule(UnfitField):
    """Something typed into a part of a rule that no rule can have; its sentence says what."""


class StaleRule(Refusal):
    public = "Somebody changed this rule meanwhile. Reload the page and look again."
    status = 409


class TooManyRules(Refusal):
    """More rules, or more work for each text, than a site may have; its sentence says which."""


class RuleIsBack(Refusal):
    public = "There is a rule of this name, so nothing was put back."
    status = 409
