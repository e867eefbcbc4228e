"""One call to one address, bounded in every way that a stranger's server could stretch it.

No redirect is followed, nothing is tried twice, certificates are verified, of the answer no more
is read than is wanted, and the whole call (connecting, sending, waiting, reading) ends in time even
where the answer comes a byte at a time. Only the lookup of the host's name keeps the system's own
limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3 import Timeout
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as TookTooLong

from app.infra.outside.connections import Watch, pool, read
from app.infra.outside.questions import NoAnswer

LONGEST_ANSWER = 64 * 1024
AGENT = "Threshold/1.0 | Threshold"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's body, its content type without parameters, and its status."""

    content_type: str
    body: bytes
    status: int = 200


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """POST to `url` and read the answer.

    Raises NoAnswer for anything but a whole answer 200 of at most 64 kB within `seconds`.
    """
    answer = call("POST", url, headers, body=body, seconds=seconds, most=LONGEST_ANSWER)
    if answer.status != 200:
        raise NoAnswer(f"the answer was {answer.status}")
    return answer


def call(
    method: str,
    url: str,
    headers: Mapping[str, str],
    *,
    body: bytes | None = None,
    seconds: float,
    most: int,
) -> Answer:
    """Call `url` and read the answer, whatever its status.

    Raises NoAnswer for anything but a whole answer of at most `most` bytes within `seconds`.
    """
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    host = parts.hostname or ""
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    with Watch(seconds) as watch, pool(parts.scheme, host, parts.port, watch) as line:
        try:
            response = line.urlopen(
                method,
                target,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                timeout=Timeout(total=seconds),
                preload_content=False,
                decode_content=False,
            )
            try:
                body_read = read(response, most + 1)
            finally:
                response.close()
        except (HTTPError, OSError) as wrong:
            late = watch.is_over or isinstance(wrong, TookTooLong)
            why = "it took too long" if late else type(wrong).__name__
            raise NoAnswer(why) from wrong
    if watch.is_over:  # the end of a body without a length may be the watch's doing
        raise NoAnswer("it took too long")
    if len(body_read) > most:
        raise NoAnswer(f"the answer was longer than {most // 1024} kB")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NoAnswer("the answer was compressed, which nobody asked for")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(content_type, body_read, response.status)
