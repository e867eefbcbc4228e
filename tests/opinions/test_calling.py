"""One call outside is bounded whatever the other side does (I10, R28). The server is a real one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from app.infra.outside import calling
from app.infra.outside.calling import post
from app.infra.outside.questions import NoAnswer
from tests.opinions.stranger import Manner, Stranger, answering, dripping, hangs, pouring, raw

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
IN_TIME = 10.0
"""Far above the limit of the calls below, far below the server's twenty seconds."""


def call(url: str, seconds: float = 5) -> calling.Answer:
    return post(url, b"{}", {"Content-Type": "application/json"}, seconds=seconds)


def test_an_answer_comes_back_with_its_type(stranger: Stranger) -> None:
    stranger.manner = answering(b"yes", content_type="Text/Plain; charset=utf-8")
    assert call(stranger.url) == calling.Answer("text/plain", b"yes")


def test_the_query_of_the_configured_address_is_kept(stranger: Stranger) -> None:
    stranger.manner = answering()
    call(f"{stranger.url}?site=1")
    assert stranger.asked[0].line == "POST /opinion?site=1 HTTP/1.1"


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param(hangs, id="nothing"),
        pytest.param(dripping(HEAD + b"Content-Length: 9999\r\n\r\n"), id="a body by drops"),
        pytest.param(dripping(HEAD + b"\r\n"), id="an endless body by drops"),
        pytest.param(dripping(HEAD + b"X-Long: "), id="a header by drops"),
        pytest.param(dripping(b"HTTP/1.1 2"), id="a status by drops"),
    ],
)
def test_i10_r28_a_call_ends_in_time_however_slowly_it_is_answered(
    stranger: Stranger, manner: Manner
) -> None:
    stranger.manner = manner
    began = perf_counter()
    with pytest.raises(NoAnswer, match="it took too long"):
        call(stranger.url, seconds=0.3)
    assert perf_counter() - began < IN_TIME


def test_i10_r28_a_tls_handshake_that_never_ends_is_left_in_time(stranger: Stranger) -> None:
    """A server that speaks no TLS and says nothing: the watch reaches below the handshake."""
    began = perf_counter()
    with pytest.raises(NoAnswer):
        call(stranger.url.replace("http:", "https:"), seconds=0.3)
    assert perf_counter() - began < IN_TIME


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_i10_no_redirect_is_followed(stranger: Stranger, status: str) -> None:
    other = Stranger()
    other.manner = answering()
    stranger.manner = answering(b"", status=status, more=f"Location: {other.url}\r\n")
    try:
        with pytest.raises(NoAnswer, match=f"the answer was {status[:3]}"):
            call(stranger.url)
    finally:
        other.close()
    assert other.asked == []
    assert len(stranger.asked) == 1


@pytest.mark.parametrize("status", ["500 Oh", "503 Busy", "404 None", "204 Empty", "401 Who"])
def test_only_200_is_an_answer_and_nothing_is_tried_twice(stranger: Stranger, status: str) -> None:
    stranger.manner = answering(b"", status=status, more="Retry-After: 0\r\n")
    with pytest.raises(NoAnswer, match=f"the answer was {status[:3]}"):
        call(stranger.url)
    assert len(stranger.asked) == 1


def test_i10_of_ten_megabytes_no_more_than_64_kb_are_read(stranger: Stranger) -> None:
    stranger.manner = pouring(10)
    with pytest.raises(NoAnswer, match="longer than 64 kB"):
        call(stranger.url)


def test_i10_an_answer_of_exactly_64_kb_is_read_whole(stranger: Stranger) -> None:
    stranger.manner = answering(b" " * calling.LONGEST_ANSWER)
    assert len(call(stranger.url).body) == calling.LONGEST_ANSWER


def test_i10_a_compressed_answer_is_not_unpacked(stranger: Stranger) -> None:
    stranger.manner = answering(b"\x1f\x8b", more="Content-Encoding: gzip\r\n")
    with pytest.raises(NoAnswer, match="compressed"):
        call(stranger.url)
    assert stranger.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"\x00\xff" * 300, id="noise"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", id="cut off"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc", id="bad chunks"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", id="a huge header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 5000 + b"\r\n", id="many headers"),
    ],
)
def test_what_is_no_http_is_no_answer(stranger: Stranger, content: bytes) -> None:
    stranger.manner = raw(content)
    with pytest.raises(NoAnswer):
        call(stranger.url)


def test_a_server_that_is_not_there_is_no_answer(stranger: Stranger) -> None:
    stranger.close()
    with pytest.raises(NoAnswer):
        call(stranger.url)


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> Iterator[Stranger]:
    server = Stranger(certificate)
    server.manner = answering(b"sure")
    yield server
    server.close()


def test_a_certificate_that_nobody_vouched_for_is_refused_before_anything_is_sent(
    tls: Stranger,
) -> None:
    with pytest.raises(NoAnswer, match="SSLError"):
        call(tls.url)
    assert tls.asked == []


def test_a_certificate_that_the_system_trusts_is_accepted(
    tls: Stranger, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert call(tls.url).body == b"sure"


def test_a_certificate_for_another_name_is_refused(
    tls: Stranger, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with pytest.raises(NoAnswer, match="SSLError"):
        call(tls.url.replace("127.0.0.1", "localhost"))
    assert tls.asked == []


def test_i10_r28_drops_through_tls_end_in_time_too(
    tls: Stranger, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    tls.manner = dripping(HEAD + b"\r\n")
    began = perf_counter()
    with pytest.raises(NoAnswer, match="it took too long"):
        call(tls.url, seconds=0.5)
    assert perf_counter() - began < IN_TIME


def test_no_proxy_of_the_environment_is_used(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    stranger.manner = answering(b"straight")
    assert call(stranger.url).body == b"straight"
