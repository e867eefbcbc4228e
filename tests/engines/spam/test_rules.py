"""What rules find: phrases however they are written, hosts by whole labels, senders, networks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.rules import (
    LONGEST_LINE,
    MOST_LINES,
    Effect,
    Rule,
    RuleKind,
    Subject,
    UnfitLine,
    lines_of,
    matches,
)


def rule(kind: RuleKind, *lines: str) -> Rule:
    return Rule(7, "Watched", kind, Effect.HOLD, lines)


def says(phrase: str, text: str) -> bool:
    return bool(matches([rule(RuleKind.PHRASE, phrase)], Subject(text)))


def links(line: str, host: str) -> bool:
    return bool(matches([rule(RuleKind.HOST, line)], Subject("x", hosts=(host,))))


def comes_from(line: str, email: str) -> bool:
    return bool(matches([rule(RuleKind.ADDRESS, line)], Subject("x", email=email)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("chest pain", "I had CHEST\n  Pain yesterday"),
        ("chest pain", "chest-pain, again"),
        ("chest pain", "**chest** pain"),
        ("chest pain", "che\u00adst p\u200bain"),
        ("chest pain", "che&shy;st pain"),
        ("chest pain", "\uff43\uff48\uff45\uff53\uff54 pain"),
        ("chest pain", "ch\u0435st p\u0430in"),
        ("chest pain", "p\u0338ain? no: ch\u0338est p\u0338ain"),
        ("now", "\u039dOW"),
        ("cannot bear weight", "I cannot bear weight."),
        ("can't stand", "I can\u2019t stand on it; cant stand"),
        ("stra\u00dfe", "STRASSE"),
        ("numb*", "a numbness"),
        ("numb* toes", "Numbish toes"),
        ("\u764c\u75c7", "\u6211\u6709\u764c\u75c7\u5417"),
    ],
)
def test_s07_a_phrase_is_found_however_it_is_written(phrase: str, text: str) -> None:
    assert says(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("numb", "the number of steps"),
        ("pain", "painting"),
        ("fail", "I fall"),
        ("bum", "it burns, burn"),
        ("chest pain", "pain in the chest"),
        ("numb* toes", "numb toeses"),
        ("numb*", "benumbed"),
    ],
)
def test_s07_a_phrase_is_whole_words_only(phrase: str, text: str) -> None:
    assert not says(phrase, text)


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyz\u00e9\u00f1\u0434\u0436\u03c9", min_size=1, max_size=9),
    min_size=1,
    max_size=4,
)


@given(
    words=WORDS,
    before=WORDS,
    gap=st.sampled_from([" ", "  ", "\n", "\u00a0", " - ", "\u200b \u00ad"]),
    case=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
)
def test_s07_a_phrase_is_found_in_any_case_and_spacing(
    words: list[str], before: list[str], gap: str, case: type[str]
) -> None:
    text = f"{' '.join(before)}, {case(gap.join(words))}."
    assert says(" ".join(words), text)


@given(text=st.text(max_size=200), name=st.text(max_size=30), typed=st.text(max_size=60))
def test_whatever_is_typed_a_line_is_refused_or_can_be_run_on_anything(
    text: str, name: str, typed: str
) -> None:
    for kind in RuleKind:
        try:
            made = rule(kind, *lines_of(typed))
        except UnfitLine as unfit:
            assert str(unfit).startswith("The line “")  # noqa: PT017
            continue
        matches([made], Subject(text, (typed,), name, typed, typed))


@pytest.mark.parametrize(
    "host",
    ["example.com", "a.b.example.com", "EXAMPLE.com.", "\u0435xample.com", "xn--xample-2of.com"],
)
def test_s07_a_host_rule_finds_the_host_and_those_below_it(host: str) -> None:
    assert links("example.com", host)


@pytest.mark.parametrize("host", ["badexample.com", "example.com.evil.org", "example.co", "com"])
def test_s07_a_host_rule_matches_whole_labels_only(host: str) -> None:
    assert not links("example.com", host)


def test_s07_a_host_in_punycode_is_the_host_it_stands_for() -> None:
    assert links("b\u00fccher.de", "xn--bcher-kva.de")


@pytest.mark.parametrize("email", ["ann@example.com", "ANN@Example.com", "bob@mail.example.com"])
def test_a_star_in_an_address_stands_for_every_box_of_the_host(email: str) -> None:
    assert comes_from("*@example.com", email)


def test_an_address_is_matched_whole() -> None:
    assert comes_from("ann@example.com", "Ann@example.com")
    assert not comes_from("ann@example.com", "joann@example.com")
    assert not comes_from("*@example.com", "ann@badexample.com")


def test_a_network_is_matched_by_the_machine_in_it() -> None:
    one = [rule(RuleKind.NETWORK, "203.0.113.0/24", "2001:db8::/32")]
    assert matches(one, Subject("x", machine="203.0.113.9"))
    assert matches(one, Subject("x", machine="2001:db8::1"))
    assert not matches(one, Subject("x", machine="198.51.100.1"))
    assert not matches(one, Subject("x"))


def test_a_match_says_which_rule_and_which_line() -> None:
    flag = Rule(3, "Numbness", RuleKind.PHRASE, Effect.RED_FLAG, ("tingl*", "numb*"), note="See.")
    (found,) = matches([flag], Subject("It is numb."))
    assert (found.rule_id, found.effect, found.line, found.note) == (3, "red flag", "numb*", "See.")
    assert str(found.said) == "It says “numb*” (rule “Numbness”)."


def test_names_are_searched_like_texts() -> None:
    assert matches([rule(RuleKind.PHRASE, "cheap loans")], Subject("Hi", name="Cheap Loans"))


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (RuleKind.PHRASE, "!!!"),
        (RuleKind.PHRASE, "* pain"),
        (RuleKind.PHRASE, "nu*mb"),
        (RuleKind.HOST, "https://example.com/"),
        (RuleKind.HOST, "example..com"),
        (RuleKind.ADDRESS, "example.com"),
        (RuleKind.ADDRESS, "s*m@example.com"),
        (RuleKind.NETWORK, "300.1.1.1"),
    ],
)
def test_a_line_of_another_kind_is_refused(kind: RuleKind, line: str) -> None:
    with pytest.raises(UnfitLine, match="cannot be used"):
        rule(kind, line)


def test_blank_lines_and_doubles_are_no_lines() -> None:
    assert lines_of(" numb \r\n\n numb\ntingling ") == ("numb", "tingling")


def test_a_rule_has_an_end() -> None:
    with pytest.raises(UnfitLine, match="one too many"):
        lines_of("\n".join(map(str, range(MOST_LINES + 1))))
    with pytest.raises(UnfitLine, match="201 characters"):
        lines_of("x" * (LONGEST_LINE + 1))
