"""What no browser sends in place of a passkey's answer."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from app.domains.accounts.factors import ceremonies
from app.domains.accounts.factors.ceremonies import Site
from app.domains.accounts.factors.errors import PasskeyRefused
from tests.support.authenticator import Device, decoded, encoded

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
CHALLENGE = "AAAA"
KEY = "AAAA"
HERE = Site("localhost", "http://localhost", "Standing Well")


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """What a browser sends, with one thing in it put out of shape."""
    device = Device(said=draw(st.dictionaries(st.sampled_from(["type", "origin"]), JSON)))
    make = draw(st.booleans())
    options = {"challenge": CHALLENGE, "user": {"id": "AAAA"}}
    whole = json.loads(device.make(options) if make else device.sign(options))
    name = draw(st.sampled_from(["id", "rawId", "type", "response", *whole["response"]]))
    place = whole["response"] if name in whole["response"] else whole
    wrong = JSON | st.binary(max_size=80).map(encoded)
    if isinstance(place[name], str):
        wrong |= bent(place[name])
    place[name] = draw(wrong)
    return json.dumps(whole)


@st.composite
def bent(draw: st.DrawFn, text: str) -> str:
    """Bytes with some of them changed, and perhaps the end cut off."""
    data = bytearray(decoded(text)[: draw(st.integers(0, 300))])
    for at in draw(st.lists(st.integers(0, max(len(data) - 1, 0)), max_size=4)):
        data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
    return encoded(bytes(data))


@given(text=st.text() | JSON.map(json.dumps) | mangled() | st.just("[" * 19_000))
def test_whatever_is_sent_in_place_of_an_answer_is_refused_in_words(text: str) -> None:
    for look in (
        lambda answer: ceremonies.made(answer, CHALLENGE, HERE),
        lambda answer: ceremonies.signed(answer, CHALLENGE, HERE, KEY, must_verify=True),
    ):
        try:
            answer = ceremonies.read(text)
            look(answer)
        except PasskeyRefused:
            continue
