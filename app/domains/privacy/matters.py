"""What is kept, why and how long, in the sentences that readers see.

A table of the database names the matter that it belongs to (`declared`); a matter that no table
names, and a table that names none, fail a test.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domains.privacy.terms import Matter, Part
from app.infra.periods import Period

MATTERS: Mapping[str, Matter] = {
    "texts": Matter(
        Part.WRITING,
        "What you write, with the name and the address that you gave, and what it said before a "
        "change",
        "To show it to readers under that name, and to answer you. The address is shown to nobody "
        "but the moderators.",
        "As long as it stands, or until you have it erased. What a guest wrote and was refused, "
        "taken for advertising, taken back or deleted loses its words, its name and its "
        "address after %(days)s days.",
        Period.REFUSED,
    ),
    "networks": Matter(
        Part.WRITING,
        "The network that you wrote from, without the last part of the address: 203.0.113.0/24 in "
        "place of 203.0.113.7",
        "To see that many texts come from one place.",
        "%(days)s days. The whole address is in no table, unless the site asks a service about new "
        "texts, which this page tells; then it is there for a day.",
        Period.NETWORKS,
    ),
    "made": Matter(
        Part.WRITING,
        "What was found in your text: its tags, its words for the search, and answers that may fit",
        "So that others find the question, and you find an answer.",
        "As long as the text.",
    ),
    "lessons": Matter(
        Part.WRITING,
        "The words of a text that a moderator decided on",
        "So that the filter learns from the decision, and forgets it when it is undone.",
        "The text %(days)s days after it came in; afterwards only how often each word stood in "
        "good texts and in spam, without yours.",
        Period.REFUSED,
    ),
    "traces": Matter(
        Part.WRITING,
        "Numbers made of your text",
        "To know a text again that is sent many times with small changes.",
        "A week.",
    ),
    "repeats": Matter(
        Part.WRITING,
        "Fingerprints of the forms that you send, and to which page the answer led",
        "So that a second click does nothing twice.",
        "A day.",
    ),
    "me_too": Matter(
        Part.READING,
        "That you have a question too",
        "To count how many people wait for an answer, and to tell you of it.",
        "Until you take it back or are erased.",
    ),
    "searches": Matter(
        Part.READING,
        "The first words of a search that found nothing, and of a question beside the answers that "
        "were offered. Nothing says whose they were",
        "To see what is missing here, and to offer better answers.",
        "A year.",
    ),
    "account": Matter(
        Part.ACCOUNT,
        "Your name and those you had before, what you say about yourself, your role, and a hash of "
        "your password from which nobody can tell it",
        "To let you in and to show readers who wrote.",
        "Until you have the account erased.",
    ),
    "address": Matter(
        Part.ACCOUNT,
        "Your e-mail address, and when you proved that it is yours",
        "To write to you and to know you again. No other reader sees it.",
        "As long as something hangs on it: an account, a text, or something you follow.",
    ),
    "identities": Matter(
        Part.ACCOUNT,
        "Where the site has such a provider and you sign in with it: its name, its name for you, "
        "and when you last signed in with it",
        "To let you in. The provider learns that you sign in here, and nothing else from us.",
        "Until you unlink it, or as long as the account.",
    ),
    "sessions": Matter(
        Part.ACCOUNT,
        "The browsers in which you are signed in: their kind, their system, and the network "
        "without the last part",
        "So that you see them and can sign them out.",
        "Until you sign out, 30 days at most.",
    ),
    "second_step": Matter(
        Part.ACCOUNT,
        "The key that you share with an app for codes, encrypted, passkeys with the names that you "
        "gave them and when each was last used, and your recovery codes as fingerprints",
        "So that nobody signs in as you by your password alone.",
        "Until you turn the second step off or are erased.",
    ),
    "links": Matter(
        Part.ACCOUNT,
        "Links that were mailed to you, as fingerprints, with an address that you wanted to change "
        "to",
        "To let each of them work once.",
        "30 days after they end.",
    ),
    "tries": Matter(
        Part.ACCOUNT,
        "Failed tries to sign in, counted by account and by a fingerprint of the network",
        "To stop those who guess passwords.",
        "Two days.",
    ),
    "copies": Matter(
        Part.ACCOUNT,
        "The copy of everything of yours, when you asked for one",
        "So that you can take it along.",
        "48 hours after it was made.",
    ),
    "following": Matter(
        Part.MAIL,
        "What you follow and how often you want to hear of it, and what you do not want mail about",
        "To send you that and nothing else.",
        "Until you end it.",
    ),
    "mails": Matter(
        Part.MAIL,
        "Which mail went to you and when, and why one did not arrive; not what it said",
        "To send each once, and to try again where one failed.",
        "90 days; a mail that could not be sent, a year.",
    ),
    "stops": Matter(
        Part.MAIL,
        "That mail to your address came back, and what the server said",
        "To stop writing to a mailbox that is not there.",
        "Until mail reaches you again.",
    ),
    "answers": Matter(
        Part.MAIL,
        "That you answered by mail, and what became of it; not the mail",
        "To see why an answer did not arrive, and to take the same mail once.",
        "30 days.",
    ),
    "reports": Matter(
        Part.RULES,
        "What you reported and why, and for guests a fingerprint of the browser",
        "To decide about the text, and to count a report once.",
        "As long as the text. Once you are erased, without your words and your name.",
    ),
    "measures": Matter(
        Part.RULES,
        "Warnings, suspensions and bans, with their reasons, and notes among moderators",
        "To protect others. What is told to you is in your copy; notes among moderators are not.",
        "They stay in the history. When you are erased a ban that still holds keeps a fingerprint "
        "of your address, so that it goes on; all else goes.",
    ),
    "record": Matter(
        Part.RULES,
        "Who did what to a text, an account or a setting, and why; the network of it for %(days)s "
        "days",
        "So that every decision can be looked at and undone.",
        "It stays. Once you are erased, it keeps the acts without your name.",
        Period.NETWORKS,
    ),
    "team_acts": Matter(
        Part.TEAM,
        "What you have open at the desk, your saved views, your sections, and the acts on many "
        "texts that you began",
        "To work together without deciding twice.",
        "As long as you work here; what is open, a day.",
    ),
    "team_texts": Matter(
        Part.TEAM,
        "Who wrote an answer card, changed it, or added a picture",
        "To know whom to ask.",
        "As long as the answer or picture. Once you are erased, without your name.",
    ),
    "articles": Matter(
        Part.TEAM,
        "The articles that you wrote",
        "To publish them under your name.",
        "As long as they stand. Before you are erased they are given to somebody else.",
    ),
}
