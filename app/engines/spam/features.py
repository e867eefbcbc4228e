"""What the model sees of a text: words, pairs of neighbours, link hosts, and its shape.

Every name begins with its kind: ``w:`` a word, ``b:`` two neighbours, ``h:`` a host, ``s:`` shape.
The source is read, not the HTML, so that a text has the same features whatever rules draw it.
"""

import html
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence

from app.engines.said import Said, says

FEATURES_VERSION = 1
"""Raise it when the same text gets other features: stored counts then wait for a retraining."""

_LONGEST_TEXT = 10_000
_FIRST_WORDS, _LAST_WORDS = 200, 100
"""A long text is read at both ends: what is advertised stands there, and a score stays cheap."""
_LONGEST_WORD = 40
_LONGEST_HOST = 100
_START, _END, _LINK = "^", "$", "linkhere"

_TAG = re.compile(r"<[^<>]{0,500}>")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_NAME_PART = re.compile(r"[a-z]{3,}")
_LONG_NUMBER = re.compile(r"\d{4}")
_STRETCHED = re.compile(r"(\w)\1{3}")
_ENDINGS = "com|net|org|info|biz|shop|site|online|club|xyz|top|io|co|me|tv|ly|be|de|uk|ru|pl"
# Each part is bounded and begins where no other can, so hostile texts cost no more than long ones.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)(?P<host>[^\s/?#\"'<>()\[\]]{1,200})[^\s\"'<>]*"
    rf"|(?<![a-z0-9.@-])(?P<bare>[a-z0-9-]{{1,63}}(?:\.[a-z0-9-]{{1,63}}){{0,5}}\.(?:{_ENDINGS}))"
    r"\b[^\s\"'<>]*"
)
_SHAPES = {
    "links:0": says("no link"),
    "links:1": says("a link"),
    "links:2": says("two links"),
    "links:3": says("three links or more"),
    "excl:0": says("no exclamation mark"),
    "excl:1": says("an exclamation mark"),
    "excl:2": says("two exclamation marks"),
    "excl:3": says("three exclamation marks or more"),
    "caps:0": says("few capitals"),
    "caps:1": says("some capitals"),
    "caps:2": says("many capitals"),
    "caps:3": says("mostly capitals"),
    "caps:4": says("capitals only"),
    "number": says("a long number"),
    "question": says("a question mark"),
    "lines": says("several lines"),
    "stretched": says("a stretched word"),
    "signs": says("signs beyond the keyboard"),
}
_LENGTH = says("its length")


def features(text: str) -> tuple[str, ...]:
    """Each feature of ``text`` once, in an order that is always the same; 700 at most."""
    plain = _visible(text[:_LONGEST_TEXT])
    folded = plain.casefold()
    hosts = [_host(found) for found in _ADDRESS.finditer(folded)]
    said = _WORD.findall(_TAG.sub(" ", _ADDRESS.sub(f" {_LINK} ", folded)))
    words = [word[:_LONGEST_WORD] for word in _both_ends(said)]
    found = [*_words(words), *_hosts(hosts), *_shape(_TAG.sub(" ", plain), len(said), len(hosts))]
    return tuple(dict.fromkeys(found))


def host_feature(host: str) -> str:
    """The feature by which a text that links to this host is known."""
    return f"h:{host.removeprefix('www.')[:_LONGEST_HOST]}"


def described(feature: str) -> Said:
    """A feature in words for a moderator."""
    kind, _, name = feature.partition(":")
    if kind == "h":
        return says("a link to %(host)s", host=name)
    if kind == "s":
        return _SHAPES.get(name, _LENGTH)
    if kind == "b":
        name = name.removeprefix(_START + " ").removesuffix(" " + _END)
    return says("“%(word)s”", word=name.replace(_LINK, "[link]"))


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFKC", html.unescape(text))
    if composed.isascii():
        return composed
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Cf")


def _host(found: re.Match[str]) -> str:
    host = found["host"] or found["bare"]
    return host.rpartition("@")[2].partition(":")[0].removeprefix("www.").strip(".")[:_LONGEST_HOST]


def _both_ends(words: Sequence[str]) -> Sequence[str]:
    if len(words) <= _FIRST_WORDS + _LAST_WORDS:
        return words
    return [*words[:_FIRST_WORDS], *words[-_LAST_WORDS:]]


def _words(words: Sequence[str]) -> Iterator[str]:
    yield from (f"w:{word}" for word in words)
    for first, second in zip([_START, *words], [*words, _END], strict=True):
        yield f"b:{first} {second}"


def _hosts(hosts: Sequence[str]) -> Iterator[str]:
    for host in hosts[:20]:
        yield f"h:{host}"
        yield from (f"w:{part[:_LONGEST_WORD]}" for part in _NAME_PART.findall(host))


def _shape(plain: str, words: int, links: int) -> Iterator[str]:
    yield f"s:links:{min(links, 3)}"
    yield f"s:length:{min(int(math.log2(words + 1)), 7)}"
    yield f"s:excl:{min(plain.count('!'), 3)}"
    letters = list(filter(str.isalpha, plain))
    if len(letters) > 8:
        yield f"s:caps:{4 * sum(map(str.isupper, letters)) // len(letters)}"
    marks = {
        "number": _LONG_NUMBER.search(plain),
        "question": "?" in plain,
        "lines": "\n" in plain.strip(),
        "stretched": _STRETCHED.search(plain.casefold()),
        "signs": not plain.isascii(),
    }
    yield from (f"s:{name}" for name, there in marks.items() if there)
