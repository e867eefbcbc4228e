"""What is made of a typed text by itself, before anything is written: nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from app.domains.comments import policy, texts
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.states import Kind
from app.engines.spam.features import features
from app.engines.spam.language import language_of
from app.engines.spam.likeness import Runs, runs, traces
from app.engines.text.kinds import guess_kind
from app.engines.text.links import link_hosts


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text with its safe HTML and all that the checks ask of it. `runs` and `traces` find texts
    that are nearly the same; nothing of staff's is looked for, so theirs are empty."""

    source: str
    kind: Kind
    html: str
    title: str
    language: str
    text_key: str
    hosts: tuple[str, ...]
    features: tuple[str, ...]
    runs: Runs
    traces: tuple[int, ...]


def prepare(draft: Draft, writer: Writer) -> Prepared:
    """Draw a text and take from it what the intake wants; about 2 ms for 400 characters."""
    by_staff = writer.account is not None and writer.account.is_staff
    source, kind = draft.source, draft.kind or Kind(guess_kind(draft.source))
    if policy.needs_title(kind):
        html, title = texts.titled(source, by_staff=by_staff)
    else:
        html, title = texts.rendered(source, by_staff=by_staff), ""
    own = frozenset() if by_staff else runs(source)
    return Prepared(
        source=source,
        kind=kind,
        html=html,
        title=title,
        language=language_of(source),
        text_key=texts.fingerprint(source),
        hosts=link_hosts(html),
        features=() if by_staff else features(source),
        runs=own,
        traces=traces(own),
    )
