"""The form of the intake: a number for each limit; weight, switch and place for each check."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from wtforms import BooleanField, Field, HiddenField, StringField, ValidationError

from app.domains.screening.plans import HEAVIEST
from app.engines.spam.checks import CHECKS
from app.engines.spam.plan import Limits, Plan, Setting
from app.infra.language import _, grouped, sentence
from app.web.forms import Form
from app.web.moderation.wording import check_title
from app.web.numbers import whole_number

_DECIMAL = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,3})?")


class Number:
    """A plain number between two others, called `what` where it is refused, with the check's name
    laid in where it is of one; `may_have_part` allows 2.5. The text typed stays."""

    def __init__(
        self, what: str, least: int, most: int, *, may_have_part: bool = False, check: str = ""
    ) -> None:
        self._what, self._check = what, check
        self._least, self._most = least, most
        self._may_have_part = may_have_part

    def __call__(self, _form: Form, field: Field) -> None:
        number = read_number(field.data or "")
        fits = number is not None and self._least <= number <= self._most
        if number is None or not fits or (number % 1 and not self._may_have_part):
            raise ValidationError(self._refusal())

    def _refusal(self) -> str:
        what = str(self._what) % {"check": check_title(self._check)}
        span = {"least": self._least, "most": grouped(self._most)}
        if self._may_have_part:
            return _("%(what)s: give a number from %(least)s to %(most)s.", what=what, **span)
        return _("%(what)s: give a whole number from %(least)s to %(most)s.", what=what, **span)


def read_number(text: str) -> float | None:
    """The number that somebody typed, with a point or a comma; None for anything else."""
    typed = text.strip()
    return float(typed.replace(",", ".")) if _DECIMAL.fullmatch(typed) else None


@dataclass(frozen=True, slots=True)
class Limit:
    """How a limit is asked for: shares and chances as percentages."""

    name: str
    label: str
    hint: str
    least: int
    most: int
    in_percent: bool = False
    may_have_part: bool = False

    def shown(self, value: float) -> str:
        return f"{value * 100 if self.in_percent else value:g}"

    def meant(self, typed: str) -> float:
        """The limit that a valid text says."""
        number = read_number(typed) or 0.0
        if self.in_percent:
            return round(number / 100, 6)
        return number if self.may_have_part else int(number)


LIMITS = (
    Limit("hold_from", sentence("A text waits from"), sentence("The sum of weights."), 1, HEAVIEST),
    Limit("spam_from", sentence("It is spam from"), sentence("The sum of weights."), 1, HEAVIEST),
    Limit(
        "approved_enough",
        sentence("A writer is known after"),
        sentence("Texts that were approved."),
        0,
        1000,
    ),
    Limit("links_too_many", sentence("Too many links are"), sentence("Links in one text."), 1, 100),
    Limit(
        "seconds_too_few",
        sentence("Too quick is under"),
        sentence("Seconds."),
        0,
        60,
        may_have_part=True,
    ),
    Limit(
        "likeness",
        sentence("Nearly the same is from"),
        sentence("Percent alike."),
        50,
        100,
        in_percent=True,
    ),
    Limit(
        "capitals",
        sentence("Shouting is from"),
        sentence("Percent of the letters."),
        10,
        100,
        in_percent=True,
    ),
    Limit(
        "foreign_letters",
        sentence("Strange script from"),
        sentence("Percent of letters."),
        1,
        100,
        in_percent=True,
    ),
    Limit(
        "record_share",
        sentence("A poor record is from"),
        sentence("Percent turned down."),
        1,
        100,
        in_percent=True,
    ),
    Limit(
        "record_fewest",
        sentence("A record counts from"),
        sentence("Decisions in 30 days."),
        1,
        1000,
    ),
    Limit(
        "leans_from",
        sentence("It leans to spam from"),
        sentence("Percent, by the model."),
        50,
        100,
        True,
        True,
    ),
    Limit(
        "looks_from",
        sentence("It looks like spam from"),
        sentence("Percent, by the model."),
        50,
        100,
        True,
        True,
    ),
)


def key_of(check: str) -> str:
    """A check's name as part of a field's."""
    return check.replace(" ", "_")


class IntakeForm(Form):
    """`version` is the one that was seen."""

    version = HiddenField()

    def plan(self) -> Plan:
        """What was typed, once it validated; checks that share a place keep their order."""
        limits: dict[str, Any] = {
            limit.name: limit.meant(self[limit.name].data) for limit in LIMITS
        }
        placed = sorted(CHECKS, key=lambda check: self._whole("place", check.name))
        settings = (
            Setting(
                check.name,
                self._whole("weight", check.name),
                bool(self[f"on_{key_of(check.name)}"].data),
            )
            for check in placed
        )
        return Plan(tuple(settings), Limits(**limits))

    def _whole(self, part: str, check: str) -> int:
        return int(read_number(self[f"{part}_{key_of(check)}"].data or "") or 0)

    def seen(self) -> int:
        return whole_number(self.version.data or "") or 0


def _number(
    label: str, what: str, least: int, most: int, *, part: bool = False, check: str = ""
) -> StringField:
    return StringField(label, [Number(what, least, most, may_have_part=part, check=check)])


for _one in LIMITS:
    _field = _number(_one.label, _one.label, _one.least, _one.most, part=_one.may_have_part)
    setattr(IntakeForm, _one.name, _field)
for _check in CHECKS:
    _name, _key = _check.name, key_of(_check.name)
    _weight = _number(sentence("Weight"), sentence("%(check)s, weight"), 0, HEAVIEST, check=_name)
    _place = _number(sentence("Place"), sentence("%(check)s, place"), 1, 99, check=_name)
    setattr(IntakeForm, f"weight_{_key}", _weight)
    setattr(IntakeForm, f"place_{_key}", _place)
    setattr(IntakeForm, f"on_{_key}", BooleanField(sentence("On")))


def filled(plan: Plan, version: int) -> IntakeForm:
    """The form as it is first drawn for a plan."""
    limits = asdict(plan.limits)
    values: dict[str, object] = {limit.name: limit.shown(limits[limit.name]) for limit in LIMITS}
    for place, setting in enumerate(plan.settings, start=1):
        key = key_of(setting.name)
        values |= {
            f"weight_{key}": str(setting.weight),
            f"place_{key}": str(place),
            f"on_{key}": setting.is_on,
        }
    return IntakeForm(version=str(version), **values)
