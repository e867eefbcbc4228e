"""What is kept, why and how long, in the sentences that readers see.

A table of the database names the matter that it belongs to (`declared`); a matter that no table
names, and a table that names none, fail a test.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domains.privacy.terms import Matter, Part
from app.infra.language import sentence
from app.infra.periods import Period

MATTERS: Mapping[str, Matter] = {
    "texts": Matter(
        Part.WRITING,
        sentence(
            "What you write, with the name and the address that you gave, and what it said "
            "before a change"
        ),
        sentence(
            "To show it to readers under that name, and to answer you. The address is shown to "
            "nobody but the moderators."
        ),
        sentence(
            "As long as it stands, or until you have it erased. What a guest wrote and was "
            "refused, taken for advertising, taken back or deleted loses its words, its name and "
            "its address after %(days)s days."
        ),
        Period.REFUSED,
    ),
    "networks": Matter(
        Part.WRITING,
        sentence(
            "The network that you wrote from, without the last part of the address: "
            "203.0.113.0/24 in place of 203.0.113.7"
        ),
        sentence("To see that many texts come from one place."),
        sentence(
            "%(days)s days. The whole address is in no table, unless the site asks a service "
            "about new texts, which this page tells; then it is there for a day."
        ),
        Period.NETWORKS,
    ),
    "made": Matter(
        Part.WRITING,
        sentence(
            "What was found in your text: its tags, its words for the search, and answers that "
            "may fit"
        ),
        sentence("So that others find the question, and you find an answer."),
        sentence("As long as the text."),
    ),
    "lessons": Matter(
        Part.WRITING,
        sentence("The words of a text that a moderator decided on"),
        sentence("So that the filter learns from the decision, and forgets it when it is undone."),
        sentence(
            "The text %(days)s days after it came in; afterwards only how often each word stood "
            "in good texts and in spam, without yours."
        ),
        Period.REFUSED,
    ),
    "traces": Matter(
        Part.WRITING,
        sentence("Numbers made of your text"),
        sentence("To know a text again that is sent many times with small changes."),
        sentence("A week."),
    ),
    "repeats": Matter(
        Part.WRITING,
        sentence("Fingerprints of the forms that you send, and to which page the answer led"),
        sentence("So that a second click does nothing twice."),
        sentence("A day."),
    ),
    "me_too": Matter(
        Part.READING,
        sentence("That you have a question too"),
        sentence("To count how many people wait for an answer, and to tell you of it."),
        sentence("Until you take it back or are erased."),
    ),
    "searches": Matter(
        Part.READING,
        sentence(
            "The first words of a search that found nothing, and of a question beside the "
            "answers that were offered. Nothing says whose they were"
        ),
        sentence("To see what is missing here, and to offer better answers."),
        sentence("A year."),
    ),
    "account": Matter(
        Part.ACCOUNT,
        sentence(
            "Your name and those you had before, what you say about yourself, your role, and a "
            "hash of your password from which nobody can tell it"
        ),
        sentence("To let you in and to show readers who wrote."),
        sentence("Until you have the account erased."),
    ),
    "address": Matter(
        Part.ACCOUNT,
        sentence("Your e-mail address, and when you proved that it is yours"),
        sentence("To write to you and to know you again. No other reader sees it."),
        sentence("As long as something hangs on it: an account, a text, or something you follow."),
    ),
    "identities": Matter(
        Part.ACCOUNT,
        sentence(
            "Where the site has such a provider and you sign in with it: its name, its name for "
            "you, and when you last signed in with it"
        ),
        sentence(
            "To let you in. The provider learns that you sign in here, and nothing else from us."
        ),
        sentence("Until you unlink it, or as long as the account."),
    ),
    "sessions": Matter(
        Part.ACCOUNT,
        sentence(
            "The browsers in which you are signed in: their kind, their system, and the network "
            "without the last part"
        ),
        sentence("So that you see them and can sign them out."),
        sentence("Until you sign out, 30 days at most."),
    ),
    "second_step": Matter(
        Part.ACCOUNT,
        sentence(
            "The key that you share with an app for codes, encrypted, passkeys with the names "
            "that you gave them and when each was last used, and your recovery codes as "
            "fingerprints"
        ),
        sentence("So that nobody signs in as you by your password alone."),
        sentence("Until you turn the second step off or are erased."),
    ),
    "links": Matter(
        Part.ACCOUNT,
        sentence(
            "Links that were mailed to you, as fingerprints, with an address that you wanted to "
            "change to"
        ),
        sentence("To let each of them work once."),
        sentence("30 days after they end."),
    ),
    "tries": Matter(
        Part.ACCOUNT,
        sentence("Failed tries to sign in, counted by account and by a fingerprint of the network"),
        sentence("To stop those who guess passwords."),
        sentence("Two days."),
    ),
    "copies": Matter(
        Part.ACCOUNT,
        sentence("The copy of everything of yours, when you asked for one"),
        sentence("So that you can take it along."),
        sentence("48 hours after it was made."),
    ),
    "following": Matter(
        Part.MAIL,
        sentence(
            "What you follow and how often you want to hear of it, and what you do not want mail "
            "about"
        ),
        sentence("To send you that and nothing else."),
        sentence("Until you end it."),
    ),
    "mails": Matter(
        Part.MAIL,
        sentence("Which mail went to you and when, and why one did not arrive; not what it said"),
        sentence("To send each once, and to try again where one failed."),
        sentence(
            "90 days; a mail that could not be sent, a year. The address of somebody who was "
            "erased is kept for their last mail until it is sent or given up, three days at most."
        ),
    ),
    "stops": Matter(
        Part.MAIL,
        sentence("That mail to your address came back, and what the server said"),
        sentence("To stop writing to a mailbox that is not there."),
        sentence("Until mail reaches you again."),
    ),
    "answers": Matter(
        Part.MAIL,
        sentence("That you answered by mail, and what became of it; not the mail"),
        sentence("To see why an answer did not arrive, and to take the same mail once."),
        sentence("30 days."),
    ),
    "reports": Matter(
        Part.RULES,
        sentence("What you reported and why, and for guests a fingerprint of the browser"),
        sentence("To decide about the text, and to count a report once."),
        sentence("As long as the text. Once you are erased, without your words and your name."),
    ),
    "measures": Matter(
        Part.RULES,
        sentence("Warnings, suspensions and bans, with their reasons, and notes among moderators"),
        sentence(
            "To protect others. What is told to you is in your copy; notes among moderators are "
            "not."
        ),
        sentence(
            "They stay in the history. When you are erased a ban that still holds keeps a "
            "fingerprint of your address, so that it goes on; all else goes. A network that was "
            "shut out stays in the history, and an address that a moderator wrote into a rule of "
            "the filter stands there until they take it out."
        ),
    ),
    "record": Matter(
        Part.RULES,
        sentence(
            "Who did what to a text, an account or a setting, and why; the network of it for "
            "%(days)s days"
        ),
        sentence("So that every decision can be looked at and undone."),
        sentence("It stays. Once you are erased, it keeps the acts without your name."),
        Period.NETWORKS,
    ),
    "team_acts": Matter(
        Part.TEAM,
        sentence(
            "What you have open at the desk, your saved views, your sections, and the acts on "
            "many texts that you began"
        ),
        sentence("To work together without deciding twice."),
        sentence("As long as you work here; what is open, a day."),
    ),
    "team_texts": Matter(
        Part.TEAM,
        sentence("Who wrote an answer card, changed it, or added a picture"),
        sentence("To know whom to ask."),
        sentence("As long as the answer or picture. Once you are erased, without your name."),
    ),
    "articles": Matter(
        Part.TEAM,
        sentence("The articles that you wrote"),
        sentence("To publish them under your name."),
        sentence("As long as they stand. Before you are erased they are given to somebody else."),
    ),
}
