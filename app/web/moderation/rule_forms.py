"""A rule as a moderator types it."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.domains.moderation.rehearsal import SIZES, USUAL
from app.domains.screening.models import Rule
from app.domains.screening.rules import RuleText
from app.domains.tags.queries import tag_choices
from app.engines.spam.rules import Effect, RuleKind
from app.infra.language import grouped, ngettext, sentence
from app.web.forms import Form
from app.web.numbers import whole_number

KINDS = {
    RuleKind.PHRASE: sentence("Phrases"),
    RuleKind.PATTERN: sentence("Patterns"),
    RuleKind.HOST: sentence("Hosts that it links to"),
    RuleKind.ADDRESS: sentence("E-mail addresses"),
    RuleKind.NETWORK: sentence("Networks"),
}
EFFECTS = {
    Effect.HOLD: sentence("Hold it for a moderator"),
    Effect.SPAM: sentence("Put it with the spam"),
    Effect.TAG: sentence("Give it a tag"),
    Effect.RED_FLAG: sentence("Raise a red flag"),
}


def size_choices() -> list[SelectChoice]:
    """How many texts a rehearsal looks at, with numbers as the reader writes them."""
    return [SelectChoice(str(size), grouped(size)) for size in SIZES]


def _choices(names: Mapping[RuleKind, str] | Mapping[Effect, str]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in names.items()]


def lines_of(kind: RuleKind, number: int) -> str:
    """So many lines of a rule, in words."""
    return {
        RuleKind.PHRASE: ngettext("%(num)s phrase", "%(num)s phrases", number),
        RuleKind.PATTERN: ngettext("%(num)s pattern", "%(num)s patterns", number),
        RuleKind.HOST: ngettext("%(num)s host", "%(num)s hosts", number),
        RuleKind.ADDRESS: ngettext("%(num)s e-mail address", "%(num)s e-mail addresses", number),
        RuleKind.NETWORK: ngettext("%(num)s network", "%(num)s networks", number),
    }[kind]


def _tags() -> list[SelectChoice]:
    known = [SelectChoice(str(tag_id), name) for tag_id, name in tag_choices()]
    return [SelectChoice("", sentence("Choose a tag")), *known]


class RuleForm(Form):
    """Lengths and lines are the services' business: their refusals name the field they belong to.

    `sure` is the second yes to a rule that would meet most of what stands; `size` is how many texts
    a rehearsal looks at; `version` is the one that was seen.
    """

    name = StringField(sentence("Name"))
    kind = RadioField(
        sentence("What to watch for"),
        choices=_choices(KINDS),
        default=RuleKind.PHRASE,
        validate_choice=True,
    )
    lines = TextAreaField(sentence("Lines"))
    effect = RadioField(sentence("What happens to a text that has it"), choices=_choices(EFFECTS))
    tag = SelectField(sentence("The tag"), choices=_tags)
    note = TextAreaField(sentence("Note to the reader"))
    size = SelectField(sentence("Texts to look at"), choices=size_choices, default=str(USUAL))
    sure = BooleanField(sentence("Yes, I want a rule that meets this much"))
    version = HiddenField()

    @classmethod
    def of(cls, rule: Rule) -> RuleForm:
        """The form as it is first drawn for a rule that is kept."""
        return cls(
            name=rule.name,
            kind=rule.kind,
            lines=rule.lines,
            effect=rule.effect,
            tag=str(rule.tag_id or ""),
            note=rule.note,
            version=str(rule.version),
        )

    def text(self) -> RuleText:
        return RuleText(
            self.name.data or "",
            RuleKind(self.kind.data),
            self.lines.data or "",
            Effect(self.effect.data),
            whole_number(self.tag.data or ""),
            self.note.data or "",
        )

    @property
    def seen_version(self) -> int:
        """The version that the page was drawn from; 0, which no rule has, for anything else."""
        return whole_number(self.version.data or "") or 0

    @property
    def wanted_size(self) -> int:
        return int(self.size.data)
