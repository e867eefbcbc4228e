"""What somebody wrote in an answer by mail, without what it quotes and without the signature.

Told by how mail programs write in English, German and Spanish. Lines that begin with `>` are
quotations wherever they stand; what is written between or below them stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

LONGEST_LINE = 400
"""Of a line that could announce a quotation; none of theirs is longer."""
ATTRIBUTION_LINES = 4
LINES_OF_A_HEADER = 6
PASSES = 2
"""What stood behind a quotation may be a signature, and the other way round."""
SIGNATURE_LINES = 10
"""Of a signature below `--` whose space at the end somebody took away."""
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|geschrieben|escribi[oó]|a écrit)\b.{0,150}:$", re.IGNORECASE
)
_BEGINS = re.compile(r"^(?:on|am|el|le)\b.*\d", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_SURE = re.compile(r"[^\s@]@[^\s@]|^(?:on|am|el|le)\b.*\b\d{1,2}[:.]\d{2}\b", re.IGNORECASE)
"""An address, or a day and a time: nobody announces their own words like that."""
_DIVIDER = re.compile(
    r"^[\s>]*[-_*]{2,}\s*(?:original (?:message|appointment)|ursprüngliche nachricht"
    r"|originalnachricht|urspr\. nachricht|mensaje original|forwarded message"
    r"|weitergeleitete nachricht|mensaje reenviado)\s*[-_*]{2,}\s*$"
    r"|^(?:begin forwarded message|anfang der weitergeleiteten nachricht"
    r"|inicio del mensaje reenviado)\s*:$",
    re.IGNORECASE,
)
_HEADER_BEGINS = re.compile(r"^\*{0,2}(?:from|von|de|gesendet)\s?:\*{0,2}\s?\S", re.IGNORECASE)
_HEADER_GOES_ON = re.compile(
    r"^\*{0,2}(?:sent|date|to|cc|subject|von|gesendet|datum|an|betreff|enviado(?: el)?|fecha|para"
    r"|asunto)\s?:\*{0,2}(?:\s|$)",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[\s_*-]*(?:_{5,}|-{5,})[\s_*-]*$")
_SENT_FROM = re.compile(
    r"^(?:sent from (?:my|outlook|yahoo|mail|samsung|proton|gmail|aol|a|the)\b.{0,80}"
    r"|sent (?:via|with|using) .{1,80}|get outlook for .{1,60}"
    r"|von meine[mr] .{1,60} gesendet|gesendet (?:von|mit|über|aus) .{1,80}"
    r"|diese nachricht wurde .{1,100} gesendet|(?:holen sie sich |hol dir )?outlook für .{1,60}"
    r"|(?:mensaje )?enviado (?:desde|con|por|a través de) .{1,80}"
    r"|obt(?:ener|enga|én) outlook para .{1,60})$",
    re.IGNORECASE,
)


def own_words(text: str, *, is_reply_address: Callable[[str], bool] = lambda _line: False) -> str:
    """The writer's own text; empty where nothing of it is theirs.

    A line with a reply address in it was written by a program, in whatever language: it says who
    wrote what is quoted."""
    lines = text.split("\n")
    for _ in range(PASSES):
        lines = _without_sent_from(_without_signature(_without_quotes(lines, is_reply_address)))
    return "\n".join(lines).strip("\n")


def _without_quotes(lines: Sequence[str], is_reply_address: Callable[[str], bool]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith(">"):
            at += 1
            continue
        length = _attribution(lines, at, is_reply_address)
        if length and _is_quoted_next(lines, at + length):
            at += length
            continue
        if length and _SURE.search(_joined(lines, at, length)):
            break
        if _ends_all(lines, at) or is_reply_address(line):
            break
        kept.append(line)
        at += 1
    return _trimmed(kept)


def _ends_all(lines: Sequence[str], at: int) -> bool:
    """Whether what a program put below the answer begins here: a divider, or another mail's
    header."""
    line = lines[at].strip()
    if len(line) > LONGEST_LINE:
        return False
    if _DIVIDER.match(line):
        return True
    if _RULE.match(line):
        below = [n for n in range(at + 1, min(at + 3, len(lines))) if lines[n].strip()]
        return bool(below) and _is_header(lines, below[0])
    return _is_header(lines, at)


def _is_header(lines: Sequence[str], at: int) -> bool:
    if not _HEADER_BEGINS.match(lines[at].strip()[:LONGEST_LINE]):
        return False
    following = lines[at + 1 : at + LINES_OF_A_HEADER]
    return sum(bool(_HEADER_GOES_ON.match(one.strip()[:LONGEST_LINE])) for one in following) >= 2


def _attribution(lines: Sequence[str], at: int, is_reply_address: Callable[[str], bool]) -> int:
    """Over how many lines from here somebody is said to have written what follows; 0 for none."""
    if not lines[at].strip():
        return 0
    for length in range(1, ATTRIBUTION_LINES + 1):
        if at + length > len(lines) or not lines[at + length - 1].strip():
            return 0
        last = lines[at + length - 1].strip()
        if length > 1 and _begins_anew(lines[at].strip(), last):
            return 0
        if last.endswith(":"):
            joined = _joined(lines, at, length)
            is_one = _WROTE.search(joined) or is_reply_address(joined)
            return length if len(joined) <= LONGEST_LINE and is_one else 0
    return 0


def _begins_anew(first: str, last: str) -> bool:
    """Whether a line announces by itself, so that what stands right above it is not part of it."""
    first, last = first[:LONGEST_LINE], last[:LONGEST_LINE]
    if _BEGINS.match(first):
        return False
    return bool(_BEGINS.match(last) or (_WROTE.search(last) and _TIME.search(last)))


def _joined(lines: Sequence[str], at: int, length: int) -> str:
    return " ".join(line.strip()[: LONGEST_LINE + 1] for line in lines[at : at + length])


def _is_quoted_next(lines: Sequence[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return following.lstrip().startswith(">")


def _without_signature(lines: list[str]) -> list[str]:
    for at, line in enumerate(lines):
        is_bare = line == "--" and (at == 0 or not lines[at - 1].strip())
        if line == "-- " or (is_bare and len(lines) - at <= SIGNATURE_LINES):
            return _trimmed(lines[:at])
    return lines


def _without_sent_from(lines: list[str]) -> list[str]:
    kept = _trimmed(lines)
    while kept and _SENT_FROM.match(kept[-1].strip(" .*_<>\t")[:LONGEST_LINE]):
        kept.pop()
        while kept and kept[-1].strip() in ("", "--"):
            kept.pop()
    return kept


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Without empty lines at the end, and without more than one in a row where a quotation was."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
