"""The record in the language of whoever reads it: acts, things, states and names of what changed.

The stored facts stay as they are. What no table has is shown as it is stored: an act of an earlier
version, or what somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domains.comments import first_reasons
from app.infra.audit import AuditEntry
from app.infra.language import _, ngettext, sentence
from app.infra.unnamed import NOBODY

ACTS: Mapping[str, str] = {
    # on texts
    "approve": sentence("Approve"),
    "let in": sentence("Let in by the outside service"),
    "reject": sentence("Reject"),
    "spam": sentence("Mark as spam"),
    "opinion spam": sentence("Taken for spam by the outside service"),
    "hold": sentence("Hold"),
    "delete": sentence("Delete"),
    "keep": sentence("Keep"),
    "withdraw": sentence("Take back"),
    "edit": sentence("Edit"),
    "tag": sentence("Change the tags"),
    "change kind": sentence("Change the kind"),
    "move": sentence("Move"),
    "split off": sentence("Make a question of its own"),
    "hold for": sentence("Hold for a colleague"),
    "release": sentence("Give back to everybody"),
    "reason": sentence("Change the reason"),
    "reports": sentence("Sent back by reports"),
    "close reports": sentence("Close the reports"),
    "still right": sentence("Found still right"),
    "link card": sentence("Answer with a card"),
    "unlink card": sentence("Take the card away"),
    "card helped": sentence("The card helped"),
    "card did not help": sentence("The card did not help"),
    "reach back": sentence("Answer older questions"),
    "undo": sentence("Undo"),
    "erase": sentence("Erase for good"),
    # on many at once, and on people
    "start batch": sentence("Begin an act on many texts"),
    "stop batch": sentence("Stop an act on many texts"),
    "note": sentence("Note"),
    "warn": sentence("Warn"),
    "suspend": sentence("Suspend"),
    "ban": sentence("Ban"),
    "lift note": sentence("Remove a note"),
    "lift warn": sentence("Lift a warning"),
    "lift hold": sentence("Hold no more"),
    "lift suspend": sentence("Lift a suspension"),
    "lift ban": sentence("Lift a ban"),
    "limit sections": sentence("Change the sections"),
    "create": sentence("Create"),
    "role": sentence("Change the role"),
    "disable": sentence("Close the account"),
    "enable": sentence("Open the account again"),
    "rename": sentence("Change the name"),
    "password": sentence("Change the password"),
    "claim": sentence("Take over what was asked as a guest"),
    "reset second step": sentence("Reset the second step"),
    "link": sentence("Link a way to sign in"),
    "unlink": sentence("Unlink a way to sign in"),
    "ask to erase": sentence("Ask to be erased"),
    "keep from erasing": sentence("Stay after all"),
    # on rules, tags, resources, cards and articles
    "make rule": sentence("Make a rule"),
    "edit rule": sentence("Change a rule"),
    "start rule": sentence("Start a rule"),
    "pause rule": sentence("Pause a rule"),
    "remove rule": sentence("Remove a rule"),
    "merge": sentence("Merge"),
    "decline words": sentence("Decline words"),
    "propose words again": sentence("Propose words again"),
    "remove": sentence("Remove"),
    "use new address": sentence("Use the new address"),
    "take over": sentence("Take over"),
    "retire": sentence("Retire"),
    "restore": sentence("Restore"),
    "draft": sentence("Write a draft"),
    "publish": sentence("Publish"),
    "schedule": sentence("Schedule"),
    "unpublish": sentence("Take offline"),
    "open comments": sentence("Open the comments"),
    "close comments": sentence("Close the comments"),
    "give": sentence("Give to another author"),
    # on mail and settings
    "send again": sentence("Send again"),
    "drop": sentence("Drop"),
    "stop mail": sentence("Stop the mail"),
    "lift mail stop": sentence("Send mail again"),
    "change intake": sentence("Change the intake"),
    "change reports": sentence("Change how reports count"),
    "change reasons": sentence("Change the reasons"),
    "change openness": sentence("Change the open numbers"),
    "change red flag note": sentence("Change the note beside red flags"),
    "change language": sentence("Change the language of the site"),
    "change mailed_replies": sentence("Change who answers by mail"),
    "change privacy": sentence("Change how long things are kept"),
}
"""What may stand in `AuditEntry.act`; a test holds it to what the program writes."""
SUBJECTS: Mapping[str, str] = {
    "comment": sentence("text"),
    "article": sentence("article"),
    "tag": sentence("tag"),
    "resource": sentence("resource"),
    "card": sentence("answer card"),
    "account": sentence("account"),
    "address": sentence("mail address"),
    "measure": sentence("measure"),
    "rule": sentence("rule"),
    "batch": sentence("many texts"),
    "setting": sentence("setting"),
    "mail": sentence("mail"),
    "erasure": sentence("erasure"),
}
NUMBERED: Mapping[str, str] = {
    "comment": sentence("text %(number)s"),
    "article": sentence("article %(number)s"),
    "tag": sentence("tag %(number)s"),
    "resource": sentence("resource %(number)s"),
    "card": sentence("answer card %(number)s"),
    "account": sentence("account %(number)s"),
    "address": sentence("mail address %(number)s"),
    "measure": sentence("measure %(number)s"),
    "rule": sentence("rule %(number)s"),
    "batch": sentence("act on many texts %(number)s"),
    "mail": sentence("mail %(number)s"),
    "erasure": sentence("erasure %(number)s"),
}
STATES: Mapping[str, str] = {
    "pending": sentence("waiting"),
    "spam": sentence("spam"),
    "approved": sentence("approved"),
    "rejected": sentence("rejected"),
    "withdrawn": sentence("taken back"),
    "deleted": sentence("deleted"),
    "draft": sentence("draft"),
    "published": sentence("published"),
    "live": sentence("live"),
    "paused": sentence("paused"),
    "retired": sentence("retired"),
    "reader": sentence("reader"),
    "moderator": sentence("moderator"),
    "author": sentence("author"),
    "admin": sentence("admin"),
    "disabled": sentence("closed"),
    "enabled": sentence("open"),
    "none": sentence("none"),
    "hard": sentence("no such mailbox"),
    "soft": sentence("takes no mail for now"),
    "complaint": sentence("complaint"),
    # words of other columns
    "question": sentence("question"),
    "comment": sentence("comment"),
    "chat": sentence("chat"),
    "hold": sentence("hold"),
    "tag": sentence("tag"),
    "red flag": sentence("red flag"),
    "phrase": sentence("phrase"),
    "pattern": sentence("pattern"),
    "host": sentence("web host"),
    "network": sentence("network"),
    "address": sentence("mail address"),
    "upheld": sentence("upheld"),
    "dismissed": sentence("dismissed"),
}
SAID_VALUES = frozenset({"status", "kind", "effect", "outcome"})
"""Names of what changed whose values are words of ours, in STATES."""
FIELDS: Mapping[str, str] = {
    "article_id": sentence("Article"),
    "parent_id": sentence("Reply to"),
    "kind": sentence("Kind"),
    "status": sentence("State"),
    "title": sentence("Title"),
    "text": sentence("Text"),
    "source": sentence("Text"),
    "edited_at": sentence("When edited"),
    "published_at": sentence("When published"),
    "decided_at": sentence("When decided"),
    "reject_reason": sentence("Reason"),
    "reason": sentence("Reason"),
    "held_for_id": sentence("Held for"),
    "held_note": sentence("Note"),
    "note": sentence("Note"),
    "recheck_at": sentence("To be looked at again since"),
    "recheck_reason": sentence("To be looked at again because"),
    "tags": sentence("Tags"),
    "tag": sentence("Tag"),
    "tag_id": sentence("Tag"),
    "cards": sentence("Answer cards"),
    "card": sentence("Answer card"),
    "resources": sentence("Resources"),
    "articles": sentence("Articles"),
    "name": sentence("Name"),
    "slug": sentence("Address of the page"),
    "slug_before": sentence("Former address of the page"),
    "url": sentence("Web address"),
    "description": sentence("Description"),
    "synonyms": sentence("Synonyms"),
    "is_another": sentence("Another text"),
    "author": sentence("Author"),
    "author_before": sentence("Author before"),
    "owner": sentence("Owner"),
    "helped": sentence("Helped"),
    "question": sentence("Question"),
    "because of": sentence("Because of"),
    "same as": sentence("Same as"),
    "lines": sentence("Lines"),
    "effect": sentence("Effect"),
    "live": sentence("Live"),
    "account": sentence("Account"),
    "address": sentence("Mail address"),
    "network": sentence("Network"),
    "pattern": sentence("Pattern"),
    "until": sentence("Until"),
    "texts": sentence("Texts"),
    "list": sentence("List"),
    "verb": sentence("Act"),
    "tell": sentence("Told to the writers"),
    "of": sentence("Of"),
    "outcome": sentence("Outcome"),
    "count": sentence("Number"),
    "at": sentence("At"),
    "reports": sentence("Reports"),
    "words": sentence("Words"),
    "seen": sentence("Seen"),
    "mails": sentence("Mails"),
    "undoes": sentence("Undoes the entry"),
    "merged": sentence("Merged"),
    "moved": sentence("Moved"),
    "left as it is": sentence("Left as it is"),
    "periods": sentence("Days"),
    "texts_go": sentence("Texts go"),
    "contact": sentence("Contact"),
    "readers": sentence("Readers"),
    "language": sentence("Language"),
    "zone": sentence("Time zone"),
    "is_on": sentence("Turned on"),
    "weight": sentence("Weight"),
    "limits": sentence("Limits"),
    "checks": sentence("Checks"),
}
ACTORS: Mapping[str, str] = {
    NOBODY: sentence("a reader"),
    "readers": sentence("readers"),
    "command line": sentence("the command line"),
    "import": sentence("an import"),
    "mail server": sentence("the mail server"),
}
UNDOES = re.compile(r"undoes ([a-z ]+)(?:: (.*))?", re.DOTALL)
REPORTED = re.compile(r"reported by (one|\d{1,9}) readers?")
MERGED = re.compile(r"“(.*)” into “(.*)”", re.DOTALL)


def act(name: str) -> str:
    """What was done, as the beginning of a line."""
    return _said(ACTS, name, _begun(name))


def subject(name: str) -> str:
    """What an act was done to, as a kind of thing."""
    return _said(SUBJECTS, name, name)


def thing(entry: AuditEntry) -> str:
    """What an act was done to, with its number where it has one."""
    if not entry.subject_id:
        return subject(entry.subject)
    if entry.subject not in NUMBERED:
        return f"{entry.subject} {entry.subject_id}"
    return str(NUMBERED[entry.subject]) % {"number": entry.subject_id}


def state(name: str | None) -> str:
    return _said(STATES, name, name) if name else _("nothing")


def field(name: str) -> str:
    """What a part of a thing is called that an act changed."""
    return _said(FIELDS, name, _begun(name.replace("_", " ")))


def who(entry: AuditEntry) -> str:
    """Whose act it was."""
    name = entry.actor_name or _("the program")
    return name if entry.actor_id is not None else _said(ACTORS, name, name)


def stored_actor(typed: str) -> str:
    """What the record holds for a name as it is shown to whoever typed it."""
    found = (name for name, said in ACTORS.items() if str(said).casefold() == typed.casefold())
    return next(found, typed)


def why(entry: AuditEntry) -> str:
    """The reason of an act: the program's own are said, a person's stands as it was typed."""
    if entry.act == "undo" and (undoes := UNDOES.fullmatch(entry.reason)):
        of, rest = undoes.groups()
        said = act(of) if rest is None else f"{act(of)}: {_merged(rest)}"
        return _("undoes: %(act)s", act=said)
    if entry.act == "reports" and (reported := REPORTED.fullmatch(entry.reason)):
        count = 1 if reported[1] == "one" else int(reported[1])
        return ngettext("reported by %(num)s reader", "reported by %(num)s readers", count)
    if entry.act in ("reject", "reason"):
        return str(first_reasons.said(entry.reason))
    return _merged(entry.reason) if entry.act == "merge" else entry.reason


def _merged(reason: str) -> str:
    tags = MERGED.fullmatch(reason)
    return _("“%(name)s” into “%(other)s”", name=tags[1], other=tags[2]) if tags else reason


def _begun(name: str) -> str:
    return name[:1].upper() + name[1:]


def _said(table: Mapping[str, str], name: str, otherwise: str) -> str:
    return str(table.get(name, otherwise))
