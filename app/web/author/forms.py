"""What an author types, and how it becomes the frozen texts that the services take.

Lengths and characters are the services' business: their refusals name the field they belong to.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domains.answers.choices import article_choices, resource_choices
from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.articles.services import ArticleText
from app.domains.resources.models import Resource
from app.domains.resources.services import ResourceText
from app.domains.resources.states import ResourceKind
from app.domains.tags.models import Tag
from app.domains.tags.queries import tag_choices
from app.infra.language import sentence
from app.web.forms import Form
from app.web.numbers import whole_number

KINDS = [
    SelectChoice(ResourceKind.VIDEO, sentence("A video")),
    SelectChoice(ResourceKind.EXERCISE, sentence("An exercise")),
    SelectChoice(ResourceKind.PAGE, sentence("A page elsewhere")),
]

LARGEST_ID = 2**31 - 1


def _tag_choices() -> list[SelectChoice]:
    return [SelectChoice(str(tag_id), name) for tag_id, name in tag_choices()]


class TagChoices(SelectMultipleField):  # type: ignore[misc]
    """Check boxes, one for each tag that exists."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = sentence("Tags"), **others: Any) -> None:
        super().__init__(label, coerce=int, choices=_tag_choices, **others)


class ArticleForm(Form):
    title = StringField(sentence("Title"))
    summary = StringField(sentence("Summary"))
    source = TextAreaField(sentence("Text"))
    slug = StringField(sentence("Address"))
    tags = TagChoices()
    at = DateTimeLocalField(sentence("Publish at"), [Optional()], format="%Y-%m-%dT%H:%M")
    version = HiddenField()

    @classmethod
    def of(cls, article: Article) -> ArticleForm:
        """The form as it is first drawn for a saved article."""
        return cls(
            title=article.title,
            summary=article.summary,
            source=article.source,
            slug=article.slug,
            tags=[tag.id for tag in article.tags],
            at=article.published_at,
            version=str(article.version),
        )

    def text(self) -> ArticleText:
        return ArticleText(
            title=self.title.data or "",
            slug=self.slug.data or "",
            summary=self.summary.data or "",
            source=self.source.data or "",
            tag_ids=tuple(self.tags.data or ()),
        )

    @property
    def publish_at(self) -> datetime | None:
        """The typed time, in UTC."""
        typed: datetime | None = self.at.data
        return typed.replace(tzinfo=UTC) if typed is not None else None

    @property
    def seen_version(self) -> int:
        """The version that the form was made from; 0, which no article has, for anything else."""
        return whole_number(self.version.data or "") or 0


class TagForm(Form):
    name = StringField(sentence("Name"))
    slug = StringField(sentence("Address"))
    description = TextAreaField(sentence("Description"))
    synonyms = TextAreaField(sentence("What readers say"))

    @classmethod
    def of(cls, tag: Tag) -> TagForm:
        return cls(
            name=tag.name,
            slug=tag.slug,
            description=tag.description,
            synonyms="\n".join(synonym.phrase for synonym in tag.synonyms),
        )

    def facts(self) -> dict[str, Any]:
        """Keywords for `tags.services`: one synonym a line."""
        return {
            "name": self.name.data or "",
            "slug": self.slug.data or "",
            "description": self.description.data or "",
            "synonyms": (self.synonyms.data or "").splitlines(),
        }


class MergeForm(Form):
    """Into which tag; the choices are all but the one that goes."""

    into = SelectField(sentence("Merge it into"), coerce=int, validate_choice=False)

    def offer(self, tag: Tag) -> None:
        self.into.choices = [
            SelectChoice(str(tag_id), name) for tag_id, name in tag_choices() if tag_id != tag.id
        ]


class ResourceForm(Form):
    kind = RadioField(sentence("What it is"), choices=KINDS, default=ResourceKind.VIDEO)
    title = StringField(sentence("Title"))
    url = StringField(sentence("Where it leads"))
    summary = StringField(sentence("Summary"))
    source = TextAreaField(sentence("Text on its own page"))
    slug = StringField(sentence("Address"))
    tags = TagChoices()

    @classmethod
    def of(cls, resource: Resource) -> ResourceForm:
        return cls(
            kind=resource.kind,
            title=resource.title,
            url=resource.url,
            summary=resource.summary,
            source=resource.source,
            slug=resource.slug,
            tags=[tag.id for tag in resource.tags],
        )

    def text(self) -> ResourceText:
        return ResourceText(
            kind=ResourceKind(self.kind.data),
            title=self.title.data or "",
            slug=self.slug.data or "",
            summary=self.summary.data or "",
            url=self.url.data or "",
            source=self.source.data or "",
            tag_ids=tuple(self.tags.data or ()),
        )


class Choices(TagChoices):
    """Check boxes for some of many; what is chosen is looked up, so it need not be offered."""

    def __init__(self, label: str, **others: Any) -> None:
        SelectMultipleField.__init__(
            self, label, coerce=int, choices=[], validate_choice=False, **others
        )

    @property
    def ids(self) -> list[int]:
        return [number for number in self.data or () if 0 < number <= LARGEST_ID]


class CardForm(Form):
    title = StringField(sentence("Title"))
    source = TextAreaField(sentence("The answer"))
    resources = Choices(sentence("Resources"))
    articles = Choices(sentence("Articles"))
    tags = TagChoices()
    slug = StringField(sentence("Address"))
    version = HiddenField()

    @classmethod
    def of(cls, card: AnswerCard) -> CardForm:
        return cls(
            title=card.title,
            source=card.source,
            resources=[resource.id for resource in card.resources],
            articles=[article.id for article in card.articles],
            tags=[tag.id for tag in card.tags],
            slug=card.slug,
            version=str(card.version),
        )

    def offer(self) -> None:
        """Fill in what there is to choose from."""
        self.resources.choices = resource_choices(self.resources.ids)
        self.articles.choices = article_choices(self.articles.ids)

    def facts(self) -> dict[str, Any]:
        """Keywords for `answers.services`."""
        return {
            "title": self.title.data or "",
            "source": self.source.data or "",
            "slug": self.slug.data or "",
            "tag_ids": tuple(self.tags.data or ()),
            "resource_ids": self.resources.ids,
            "article_ids": self.articles.ids,
        }

    @property
    def seen_version(self) -> int:
        """The version that the form was made from; 0, which no card has, for anything else."""
        return whole_number(self.version.data or "") or 0


class PictureForm(Form):
    picture = FileField(sentence("Picture"), [FileRequired(sentence("Choose a file first."))])
