"""Names that could be taken for one another, and addresses that are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.names import fold_email, looks_like, skeleton

LOOK_ALIKES = [
    ("Dana Fox", "D\u0430na F\u043ex"),  # Cyrillic a and o
    ("Dana Fox", "danafox"),
    ("Dana Fox", "Dana\u200b F\u00adox"),
    ("Dana Fox", "D.a.n.a F-o-x!"),
    ("Dana Fox", "\U0001d403ana F\U0001d428x"),  # mathematical letters
    ("Dana Fox", "\uff24\uff41\uff4e\uff41 Fox"),  # full width
    ("Dana Fox", "D\u00e1n\u0101 F\u00f8x"),
    ("Dana Fox", "D\u1d00\u0274\u1d00 Fox"),  # small capitals
    ("Dana Fox", "D4na F0x"),
    ("Alice", "AIice"),
    ("Alice", "A1ice"),
    ("Nora", "\u039dora"),  # Greek capital Nu
    ("BOB", "\u0412\u041e\u0412"),  # Cyrillic throughout
    ("Marnie", "Mamie"),
    ("Wim", "VVim"),
    ("Moderator", "M0derat\u03bfr"),
]


@pytest.mark.parametrize(("name", "other"), LOOK_ALIKES)
def test_u01_a_name_that_looks_like_another_is_seen_through(name: str, other: str) -> None:
    """U01: nobody may pass for the author by a letter of another alphabet."""
    assert looks_like(name, other)
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Dana", "Dane"),
        ("Lev", "Len"),
        ("Ann", "Anna"),
        ("李", "王"),
        ("Νίκος", "Νίνα"),
        ("?", "…"),
    ],
)
def test_different_names_stay_different(name: str, other: str) -> None:
    assert not looks_like(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("\ufb00ion", "Ffion"), ("\u0130bo", "ibo"), ("\u0131bo", "Ibo"), ("Strau\u00df", "STRAUSS")],
)
def test_u05_names_are_one_after_folding(name: str, other: str) -> None:
    """U05: ligatures, both Turkish letters i, and the sharp s."""
    assert looks_like(name, other)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_u05_a_name_always_looks_like_itself_in_another_case(name: str) -> None:
    assert looks_like(name, name)
    assert looks_like(name, name.casefold())


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30))
def test_a_skeleton_is_never_empty(name: str) -> None:
    assert skeleton(name)


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_an_ascii_address_is_one_in_any_case(address: str) -> None:
    assert fold_email(address) == fold_email(address.upper()) == fold_email(fold_email(address))


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("mike@a.example", "m\u0131ke@a.example"),  # dotless i, whose capital is I
        ("mike@a.example", "M\u0130KE@a.example"),
        ("mike@a.example", "mi\u212ae@a.example"),  # the Kelvin sign, which NFC makes a K
        ("strasse@a.example", "stra\u00dfe@a.example"),
        ("ann@a.example", "ann+tag@a.example"),
        ("ann.lee@a.example", "annlee@a.example"),
    ],
)
def test_u06_no_letter_of_another_alphabet_folds_into_somebodys_address(
    address: str, other: str
) -> None:
    """U06: plus tags and dots are different boxes, as far as anybody can know."""
    assert fold_email(address) != fold_email(other)


def test_u06_an_address_is_composed_and_trimmed() -> None:
    assert fold_email(" Rene\u0301@A.Example ") == "ren\u00e9@a.example"
