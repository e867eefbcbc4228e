"""The site's plan of the intake: what an admin set, and the defaults for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.domains.accounts.models import Account
from app.domains.screening.errors import UnfitPlan
from app.engines.spam.checks import BY_NAME
from app.engines.spam.intake import DEFAULT_PLAN, unfit
from app.engines.spam.plan import Limits, Plan, Setting
from app.infra import stored_settings
from app.infra.saying import say

NAME = "intake"
HEAVIEST = 1000


def current() -> Plan:
    return seen()[0]


def seen() -> tuple[Plan, int]:
    """The plan in force, and its version for `change` (0: nobody has set it yet)."""
    value, version = stored_settings.read(NAME)
    return (DEFAULT_PLAN if value is None else _plan(value)), version


def change(plan: Plan, *, seen: int, by: Account) -> None:
    """Set the site's plan. Raises UnfitPlan for one that turns honest texts away, and
    ChangedMeanwhile where somebody else set another since version `seen`."""
    problem = unfit(plan)
    if problem is not None:
        raise UnfitPlan(say(problem))
    checks = [asdict(setting) for setting in plan.settings]
    stored_settings.write(NAME, {"limits": asdict(plan.limits), "checks": checks}, seen=seen, by=by)


def _plan(value: Mapping[str, Any]) -> Plan:
    """A stored plan of this or an older release: what is unknown or unfit is left out, what is
    missing is as it starts; a check that came later stands where it starts."""
    settings = _settings(value.get("checks"))
    named = {setting.name for setting in settings}
    for place, start in enumerate(DEFAULT_PLAN.settings):
        if start.name not in named:
            settings.insert(min(place, len(settings)), start)
    plan = Plan(tuple(settings), _limits(value.get("limits")))
    return DEFAULT_PLAN if unfit(plan) else plan


def _settings(stored: object) -> list[Setting]:
    found: dict[str, Setting] = {}
    for one in stored if isinstance(stored, list) else []:
        name = one.get("name") if isinstance(one, Mapping) else None
        if name not in BY_NAME or name in found:
            continue
        weight, is_on = one.get("weight"), one.get("is_on", True)
        if not _is_number(weight) or not 0 <= weight <= HEAVIEST:
            weight = BY_NAME[name].weight
        found[name] = Setting(name, int(weight), bool(is_on))
    return list(found.values())


def _limits(stored: object) -> Limits:
    if not isinstance(stored, Mapping):
        return Limits()
    start = asdict(Limits())
    known = {
        name: type(value)(stored[name])
        for name, value in start.items()
        if _is_number(stored.get(name))
    }
    return Limits(**known)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
