"""What of an answer by mail its writer wrote, as mail programs of three languages send it."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as some

from app.engines.mailed.own_words import own_words
from tests.support.guard import no_hanging

WORDS = "It is a tendon.\n\nLet it be while it does not hurt."
QUOTED = "> Why does my hip click?\n>\n> -- \n> Standing Well"
BELOW = [
    f"On Tue, 3 Mar 2026 at 10:30, Standing Well <s@example.org> wrote:\n\n{QUOTED}",
    f"On Tue, 3 Mar 2026 at 10:30, Standing Well\n<s@example.org> wrote:\n{QUOTED}",
    f"On 3/3/26 10:30, Standing Well wrote:\n{QUOTED}",
    f"Am 03.03.2026 um 10:30 schrieb Standing Well <s@example.org>:\n\n{QUOTED}",
    f"Standing Well <s@example.org> schrieb am Di., 3. März 2026, 10:30:\n\n{QUOTED}",
    f"El mar, 3 mar 2026 a las 10:30, Standing Well (<s@example.org>) escribió:\n\n{QUOTED}",
    "On Tue, 3 Mar 2026 at 10:30, Standing Well <s@example.org> wrote:\n\nWhy does it click?",
    "-----Original Message-----\nFrom: Standing Well\nSubject: One question",
    "-----Ursprüngliche Nachricht-----\nVon: Standing Well\nBetreff: Eine Frage",
    "-----Mensaje original-----\nDe: Standing Well\nAsunto: Una pregunta",
    "From: Standing Well <s@example.org>\nSent: Tuesday\nTo: Marta\nSubject: One\n\nWhy?",
    "________________\nVon: Standing Well\nGesendet: Dienstag\nAn: Marta\nBetreff: Eine\n\nWarum?",
    "De: Standing Well <s@example.org>\nEnviado el: martes\nPara: Marta\nAsunto: Una\n\n¿Por qué?",
    "Am Di., 3. März 2026 um 10:30 hat Standing <s@example.org> Folgendes geschrieben:\n\nWarum?",
    'Gesendet: Dienstag um 10:30 Uhr\nVon: "Standing Well"\nAn: Marta\nBetreff: Eine\n\nWarum?',
    "---------- Forwarded message ---------\nFrom: Standing Well",
    QUOTED,
    "",
]
SIGNATURES = [
    "-- \nMarta\nPhysiotherapist",
    "--\nMarta",
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Enviado desde mi iPhone",
    "Get Outlook for Android<https://aka.ms/x>",
    "Holen Sie sich Outlook für iOS<https://aka.ms/x>",
    "Obtén Outlook para Android<https://aka.ms/x>",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
    "",
]


def test_what_a_program_puts_below_is_not_the_writers() -> None:
    for below, signature in itertools.product(BELOW, SIGNATURES):
        given_ = f"{WORDS}\n\n{signature}\n\n{below}\n"
        assert own_words(given_) == WORDS, (below, signature)


def test_nothing_is_left_of_an_answer_without_words() -> None:
    for below in BELOW:
        assert own_words(f"\n\n{below}\n\n-- \nMarta") == "", below


def test_a_short_answer_right_above_a_quotation_stays() -> None:
    for below in BELOW[:8]:
        assert own_words(f"Yes.\n{below}") == "Yes.", below
        assert own_words(f"Yes.\n--\nSent from my phone\n{below}") == "Yes.", below


def test_who_wrote_what_is_told_in_any_language_by_the_reply_address() -> None:
    address = "reply+abc@in.example.org"
    for said in (
        f"Il giorno mar 3 mar 2026 alle 10:30 Standing Well <{address}>\nha scritto:\n\n> Perché?",
        f"في الثلاثاء، 3 مارس 2026 تمت كتابة ما يلي بواسطة Standing Well\n<{address}>:\n\n> لماذا؟",
        f"Da: Standing Well <{address}>\nInviato: martedì\nOggetto: Una\n\nPerché?",
    ):
        kept = own_words(f"{WORDS}\n\n{said}", is_reply_address=lambda line: address in line)
        assert kept == WORDS, said


def test_what_stands_between_quotations_stays() -> None:
    text = f"{BELOW[0]}\nA tendon.\n\n> Does it harm?\n\nNo.\n\n-- \nMarta"
    assert own_words(text) == "A tendon.\n\nNo."


ONLY_LIKE = [
    "On Monday he wrote:\n\nLet it be.",
    "As the doctor wrote:\n\nLet it be.",
    "From: the hip\nTo the knee it goes.",
    "Two things:\n\n--- one ---\n\nand two",
    "A heading\n--\n\nand words",
    "Sent from my hip, the pain wanders down.\n\nLet it be.",
    "1. stand\n2. breathe\n\n- walk  \n- rest",
    "    code\n\nwords",
]


def test_words_that_only_look_like_a_quotation_stay() -> None:
    assert [own_words(text) for text in ONLY_LIKE] == ONLY_LIKE


@given(some.text(alphabet="ab >:-_\n@<1", max_size=200))
def test_what_is_left_are_lines_of_the_text_in_their_order(text: str) -> None:
    lines = iter(text.split("\n"))
    for kept in own_words(text).split("\n"):
        assert not kept.strip() or kept in lines
        assert not kept.lstrip().startswith(">")


HOSTILE = [
    "> " * 100_000,
    ">" * 200_000,
    "On " * 66_000 + "wrote:",
    "On 10:30 wrote\n" * 13_000,
    "wrote " * 60 + ":\n",
    ("wrote " * 60 + ":\n") * 550,
    "--\n\n" * 50_000,
    "_" * 200_000,
    "From: a\nTo: b\n" * 14_000,
    "Sent from my x\n" * 13_000,
    "\n" * 200_000,
]


def test_s12_no_text_takes_long() -> None:
    """Of 200,000 characters, which is all that is looked at."""
    for hostile in HOSTILE:
        with no_hanging():
            own_words(hostile)
