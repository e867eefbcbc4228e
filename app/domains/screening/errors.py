"""Why a rule is not taken, or not made live, and why a plan of the intake is not."""

from app.infra.language import sentence
from app.infra.refusal import Refusal, UnfitField


class UnfitRule(UnfitField):
    """Something typed into a part of a rule that no rule can have; its sentence says what."""


class UnfitPlan(Refusal):
    """A plan of the intake that would turn honest texts away; its sentence says which and how to
    mend it."""


class StaleRule(Refusal):
    public = sentence("Somebody changed this rule meanwhile. Reload the page and look again.")
    status = 409


class TooManyRules(Refusal):
    """More rules, or more work for each text, than a site may have; its sentence says which."""


class RuleIsBack(Refusal):
    public = sentence("There is a rule of this name, so nothing was put back.")
    status = 409


class WideRule(Refusal):
    """A rule that would meet most of what people let in; going on needs a second, explicit yes."""
