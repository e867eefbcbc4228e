"""Whether a reader asks or remarks: a guess that the reader and the desk can change."""

import itertools
import re
from typing import Literal

Kind = Literal["question", "comment"]

_NOT_THE_READERS_WORDS = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?(?:^(?P=fence)|\Z)"  # code
    r"|^ {0,3}>.*?$"  # somebody else, quoted
    r"|`[^`\n]*`"
    r"|\bhttps?://\S+"  # an address may have a ? of its own
    r"|\]\([^)\n]*\)"
    '|"[^"\n]{0,500}"|\u201c[^\u201d\n]{0,500}\u201d|\u00ab[^\u00bb\n]{0,500}\u00bb',
    re.MULTILINE | re.DOTALL,
)
_QUESTION_MARK = re.compile("[?\uff1f\u061f\u2047\u2048\u2049]")
_CLAUSE_END = re.compile("[.!\u2026:;,\n]+")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_THANKS = _words(
    "thank thanks thankyou thx ty cheers you u many so very much a lot lots again for this that it"
    " the sharing article post video answer help reply great lovely wonderful awesome really"
    " helpful dear"
)
_BEFORE_A_QUESTION = _words("so and but also ok okay well please now hi hello hey then or sorry")
_BE = _words("is are was were isn't aren't")
_DO = _words("do does did has have had don't doesn't didn't")
_MAY = _words("can could should would will may must shall can't couldn't shouldn't")
_SOMEBODY = _words("anyone anybody someone somebody")
_IT = _words("it this that these those there they")
_WHO = _words("i you we one my your the")
_HOW = _BE | _DO | _MAY | _words("long often many much far deep high low heavy come to")
_HOW_ABOUT = _words("about soon bad safe early late hard")
_NO_QUESTION_AFTER_WHAT = _words("a an i we you great lovely wonderful helped helps worked works")
_ADVICE = _words(
    "idea ideas advice tip tips suggestion suggestions thoughts help recommendation recommendations"
)
_KNOWS = _words("know knows here else tried had got have has")
_ASK_TO = _words("tell explain say help advise recommend")
# "Do this daily" and "have the best day" ask nothing, "does this" and "had the" may.
_OPENINGS = (
    (_words("how"), _HOW | _HOW_ABOUT),
    (_words("any"), _ADVICE),
    (_SOMEBODY, _KNOWS),
    (_words("do have"), _words("i you we they") | _SOMEBODY),
    ((_DO - _words("do have")) | _MAY, _IT | _SOMEBODY | _WHO),
)


def guess_kind(source: str) -> Kind:
    """``question`` for Markdown that asks something in its writer's own words.

    Question marks in quotations, code and addresses do not count; a question without its
    mark does where a clause opens as one. The openings are English; a question mark works
    in any language.
    """
    text = _NOT_THE_READERS_WORDS.sub(" ", source).replace("\u2019", "'").casefold()
    if all(word in _THANKS for word in _WORD.findall(text)):
        return "comment"
    if _QUESTION_MARK.search(text):
        return "question"
    clauses = (_WORD.findall(clause) for clause in _CLAUSE_END.split(text))
    return "question" if any(_asks(words) for words in clauses) else "comment"


def _asks(words: list[str]) -> bool:
    """Whether a clause opens like a question, or says that it is one."""
    start = next((at for at, word in enumerate(words) if word not in _BEFORE_A_QUESTION), 0)
    first, second, third = [*words[start : start + 3], "", "", ""][:3]
    return _opens_as_question(first, second, third) or _says_so(words)


def _opens_as_question(first: str, second: str, third: str) -> bool:
    if first in {"what", "what's", "whats"}:
        return second != "" and second not in _NO_QUESTION_AFTER_WHAT
    if first in {"why", "which", "whose"}:
        return second != ""
    if first in {"when", "where", "who"}:
        return second in _BE | _DO | _MAY and third != ""
    if first in _BE:
        return second in _IT | _SOMEBODY | _WHO and third != ""
    return any(first in opening and second in following for opening, following in _OPENINGS)


def _says_so(words: list[str]) -> bool:
    opening = words[0] if words else ""
    for word, following in itertools.pairwise([*words, ""]):
        if word in {"wonder", "wondering", "wondered"} and opening.startswith("i"):
            return True
        if word in {"does", "has"} and following in {"anyone", "anybody"}:
            return True
        if word in {"quick", "my", "a", "another"} and following == "question":
            return True
        if word in {"you", "somebody", "someone"} and following in _ASK_TO and opening in _MAY:
            return True
    return False
