"""What the letters of a text tell: capitals, scripts, disguises, and its language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.hosts import shortened, unseen
from app.engines.spam.language import LANGUAGES, language_of
from app.engines.spam.scripts import capitals, disguised, foreign

ENGLISH = "My left hip clicks when I swing the leg, what does that mean?"
SENTENCES = {
    "cs": "Bolí mě koleno když běhám, co mám dělat?",
    "da": "Mit knæ gør ondt når jeg løber, hvad skal jeg gøre?",
    "de": "Meine Hüfte tut weh, wenn ich laufe, was kann das sein?",
    "el": "Πονάει το γόνατό μου",
    "en": ENGLISH,
    "es": "Hola a todos, me duele la rodilla cuando corro",
    "fi": "Polveni on kipeä kun juoksen, mitä minun pitää tehdä?",
    "fr": "J'ai mal au genou quand je cours, que faire ?",
    "he": "הברך שלי כואבת",
    "it": "Mi fa male il ginocchio quando corro, cosa posso fare?",
    "ja": "膝が痛いです",
    "ko": "무릎이 아파요",
    "nl": "Mijn knie doet pijn als ik ren, wat moet ik doen?",
    "no": "Kneet mitt gjør vondt når jeg løper, hva skal jeg gjøre?",
    "pl": "Boli mnie kolano gdy biegam, co mam robić?",
    "pt": "O meu joelho dói quando eu corro, o que devo fazer?",
    "ro": "Mă doare genunchiul când alerg, ce pot să fac?",
    "ru": "Болит колено, что делать?",
    "sv": "Mitt knä gör ont när jag springer, vad ska jag göra?",
    "tr": "Bu video için çok teşekkürler, ama neden daha önce yok?",
    "uk": "Болить коліно, що мені робити?",
    "zh": "我的膝盖疼怎么办",
}


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_a_sentence_tells_its_language(language: str, sentence: str) -> None:
    assert language_of(sentence) == language


@pytest.mark.parametrize("text", ["", "ok", "12 + 4", "https://the.example.com/is/it", "Knie knee"])
def test_what_is_too_short_or_mixed_is_of_no_language(text: str) -> None:
    assert language_of(text) == ""


@given(st.text(max_size=500))
def test_every_text_is_of_a_listed_language_or_none(text: str) -> None:
    assert language_of(text) in (*LANGUAGES, "")


def test_capitals_are_a_share_of_the_letters_that_have_them() -> None:
    assert capitals("BUY THIS AND ONLY THIS, today!") > 0.7
    assert capitals(ENGLISH) < 0.1
    assert capitals("MRI OK?") == 0
    assert capitals("我的膝盖疼怎么办" * 5) == 0


def test_letters_of_another_script_are_foreign_to_a_site_in_english() -> None:
    share, scripts = foreign("Look here: Купите наши товары", "en")
    assert scripts == ("Cyrillic",)
    assert share == pytest.approx(2 / 3)


@pytest.mark.parametrize("language", ["ru", "uk", "bg", "RU", "ru-RU"])
def test_a_site_reads_its_own_script(language: str) -> None:
    assert foreign("Болит колено, что делать?", language) == (0.0, ())


@pytest.mark.parametrize("language", ["en", "el", "ja", "ru", "xx"])
def test_every_site_reads_latin_letters(language: str) -> None:
    assert foreign("Müller, Łódź and naïve", language) == (0.0, ())


def test_a_few_foreign_letters_say_nothing() -> None:
    assert foreign("5 µm, Δt", "en") == (0.0, ())


def test_s07_letters_that_only_look_like_plain_ones_are_named() -> None:
    """S07: two Cyrillic letters in a word, and a word drawn with mathematical letters."""
    assert disguised("Buy v\u0456agr\u0430 now") == ("v\u0456agr\u0430",)
    assert disguised("Buy \U0001d41b\U0001d42e\U0001d432") == ("\U0001d41b\U0001d42e\U0001d432",)


@pytest.mark.parametrize(
    "text", ["naïve Ærø straße", "H₂O ² ™", "5 µm Δt ΔE", "Привет, друзья", "oﬃce", "ok 😀 ❤️"]
)
def test_honest_letters_are_no_disguise(text: str) -> None:
    assert disguised(text) == ()


@given(st.text(max_size=300))
def test_shares_are_shares(text: str) -> None:
    assert 0 <= capitals(text) <= 1
    assert 0 <= foreign(text, "en")[0] <= 1
    assert len(disguised(text)) <= 3


def test_links_that_hide_where_they_lead_are_whole_hosts() -> None:
    assert shortened(["www.bit.ly", "rabbit.ly", "t.co", "not-t.co", "t.co"]) == (
        "www.bit.ly",
        "t.co",
    )


def test_new_hosts_leave_out_the_sites_own_and_those_it_knows() -> None:
    hosts = ["www.a.example", "b.example", "here.example", "c.example", "c.example"]
    assert unseen(hosts, known={"a.example"}, own="www.here.example") == ("b.example", "c.example")
