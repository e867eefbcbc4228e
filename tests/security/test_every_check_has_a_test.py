"""Every check that the program promises has a test that bears its number, or a reason why not.

The letters: X what may run, V what is hidden, A accounts, P permissions, C across sites, I into
other systems, S abuse, U names and letters, D data.
"""

from __future__ import annotations

import pytest

from tests.security.numbers import shown

STOPS_A_RELEASE = {
    "X01": "a comment's body runs nothing, through every door and in every reader",
    "X02": "an author's name runs nothing",
    "X03": "an address is kept only where it is http or https",
    "X04": "titles, tags, searches, messages and unknown paths run nothing",
    "X05": "what strangers sent runs nothing at the desk and in the record",
    "X07": "links lead to http, https and mailto; no picture is asked of another host",
    "V01": "no page shows a hidden text",
    "V02": "no feed does",
    "V03": "no search, excerpt or suggestion does",
    "V04": "a hidden id is answered like one that never was",
    "V05": "no count moves",
    "V06": "no cache keeps what was hidden or shows what is not for one",
    "V08": "no mail tells those whom it does not concern",
    "V09": "a waiting text is shown to its own writer and nobody else",
    "V11": "nobody exports what is not theirs",
    "A01": "a session is new after signing in",
    "A02": "the cookie's name and flags",
    "A03": "a session that ended is dead in every copy",
    "A05": "tries to sign in are limited",
    "A07": "known and unknown addresses are answered alike",
    "A08": "and in the same time",
    "A11": "mailed secrets: long, single use, an hour, hashed",
    "A12": "mailed links bear the configured host",
    "A15": "no debugger and no trace of a fault is shown",
    "P01": "role by route by method",
    "P02": "nobody acts on what is another's",
    "P03": "fields that no form has change nothing",
    "C01": "no form is taken from another site",
    "C03": "no other site may read an answer",
    "C04": "nobody is sent elsewhere",
    "C06": "no address is built on what a request claims",
    "I01": "search and order take no SQL and no operators",
    "I02": "no mail gets a header that somebody typed",
    "I04": "no cell of an export is run by a spreadsheet",
    "I05": "an import expands no entity and asks for nothing",
    "I10": "no address that a stranger wrote is fetched",
    "S01": "how often somebody may write",
    "S02": "an address is believed only of configured proxies",
    "S08": "no pattern that a moderator types takes long",
    "S09": "no text takes long to draw",
    "S10": "no body takes more than its limit",
    "U01": "nobody looks like staff",
    "U04": "a text comes back as it was sent, or is refused, on both databases",
    "D07": "a text at the limit is whole, and one beyond it refused",
}
MUST_HOLD_TOO = {
    "X06": "data inside a page ends no element",
    "X08": "feeds and mails are as safe as the page",
    "X09": "JSON is data to whoever opens it",
    "X10": "no id, name, class, style or target comes from a reader",
    "X11": "every reader's link says that nobody vouches for it",
    "X12": "what was cleaned stays as it is when cleaned again",
    "X14": "template signs come back as they were typed",
    "X15": "a page loads and runs what the policy names, and breaks none of it",
    "V07": "no date moves by a hidden text",
    "V10": "tags, people, archives and previews show nothing hidden",
    "V12": "a reply under a hidden text is not shown",
    "V13": "a decided text cannot be changed past the desk",
    "V14": "addresses, networks and notes are on no public page",
    "V15": "ids tell volume: accepted, and written down",
    "V16": "who is erased is gone from every surface",
    "V17": "nothing is shown after the answer that hid it",
    "A04": "a session ends when nobody uses it, and at last in any case",
    "A06": "a lock is no weapon against its owner",
    "A09": "what a password may be",
    "A10": "how it is kept",
    "A13": "another address is proven, and told to the old one",
    "A14": "no account and no secret that everybody knows",
    "A17": "a private link opens its own text while it waits, and nothing else",
    "A18": "a typed name or address gives no badge and no trust",
    "P04": "authors act under their own articles",
    "P05": "moderators raise nobody and stay in their sections",
    "P06": "a mailed link decides by a button, once",
    "P07": "looking changes nothing",
    "P08": "no reply to what is hidden, gone or elsewhere",
    "P09": "closed articles and people who are shut out, at every door",
    "P10": "of a field sent twice the checked value counts",
    "P11": "odd numbers and letters are refused and never a fault",
    "C02": "signing in and out is no other site's to do",
    "C05": "no page may be framed",
    "C07": "nothing private or poisoned is kept",
    "C08": "every answer bears the headers",
    "C09": "private pages are kept nowhere",
    "I03": "a mail has one recipient",
    "I06": "nothing packed is unpacked beyond its limit",
    "I07": "an event is one line, without secrets",
    "I08": "no header holds a line that somebody else wrote",
    "I09": "no name leads out of its folder",
    "I11": "what others wrote into Redis is not believed",
    "I12": "no letter breaks a feed",
    "I13": "nothing of a file acts on the terminal",
    "S03": "limits count across processes",
    "S04": "and without Redis",
    "S05": "the same text again is found",
    "S06": "links of newcomers wait",
    "S07": "rules see through disguises",
    "S11": "who sends slowly holds up nobody",
    "S12": "deep nesting is drawn flat or refused",
    "S13": "no page grows without end",
    "S14": "no search takes long",
    "S15": "nobody is mailed without end",
    "S16": "no trap catches honest people",
    "S17": "a key of a request is its caller's alone",
    "S18": "one vote and one report each",
    "U02": "letters that turn or hide others are tidied",
    "U03": "names that nobody can read are refused",
    "U05": "one user name has one spelling",
    "U06": "one address has one spelling, and a look-alike opens nothing",
    "D08": "a clock that moves keeps no door open",
    "D09": "every dependency is pinned and asked about; bleach's end has a plan",
    "D10": "backups and exports are their owner's, without sessions",
    "D11": "nothing beside the site is served",
    "D12": "every act is written down with what was before and after",
}
NOT_SHOWN = {
    "X13": "no widget for other sites exists",
    "A16": "no interface for programs, and so no key for one, exists",
}


@pytest.mark.parametrize("check", sorted(STOPS_A_RELEASE | MUST_HOLD_TOO))
def test_a_check_has_a_test(check: str) -> None:
    assert shown().get(check), f"{check}: {(STOPS_A_RELEASE | MUST_HOLD_TOO)[check]}"


def test_what_does_not_apply_yet_is_not_tested_either() -> None:
    """Once it is, its line moves up, where it cannot be lost again."""
    assert not set(NOT_SHOWN) & set(shown())
    assert not set(NOT_SHOWN) & set(STOPS_A_RELEASE | MUST_HOLD_TOO)


def test_no_test_bears_a_number_that_nothing_stands_behind() -> None:
    """Those that begin with R are faults to survive (`tests/faults`)."""
    known = STOPS_A_RELEASE | MUST_HOLD_TOO | NOT_SHOWN
    assert [one for one in shown() if one not in known and not one.startswith("R")] == []
