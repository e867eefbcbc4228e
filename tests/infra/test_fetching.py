"""A look at an address that a person typed calls nobody inside and is bounded (I10, R28)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from time import perf_counter
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.outside import fetching
from app.infra.outside.fetching import Problem, Seen, look
from app.infra.outside.reachable import is_public
from tests.opinions.stranger import Manner, Stranger, answering, dripping, hangs, pouring, raw
from tests.support.certificates import Certificate, make_certificate

AGENT = "Threshold/1.0 (+https://questions.example.org)"
IN_TIME = 10.0
"""Far above the limits below, far below the server's twenty seconds."""


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    server = Stranger()
    server.manner = answering(b"a page", content_type="text/html")
    yield server
    server.close()


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def look_at(
    url: str, *others: str, seconds: float = 5, lookup: fetching.Lookup = fetching.looked_up
) -> Seen:
    """As if this machine were the public web: its address and these ports are allowed."""
    return look(
        url,
        agent=AGENT,
        seconds=seconds,
        ports=frozenset(map(port_of, (url, *others))),
        may_reach=lambda address: address == "127.0.0.1",
        lookup=lookup,
    )


def in_turn(stranger: Stranger, *manners: Manner) -> None:
    """Answer the first request in the first manner, and so on; the last one from then on."""
    left = list(manners)

    def answer(server: Stranger, connection: socket.socket) -> None:
        manner = left.pop(0) if len(left) > 1 else left[0]
        manner(server, connection)

    stranger.manner = answer


# What it asks


def test_a_page_that_is_there_is_asked_for_by_head_alone(stranger: Stranger) -> None:
    assert look_at(f"{stranger.url}?a=1#part") == Seen(status=200)
    (asked,) = stranger.asked
    assert asked.line == "HEAD /opinion?a=1 HTTP/1.1"
    assert asked.headers["user-agent"] == AGENT
    assert asked.headers["host"] == urlsplit(stranger.url).netloc
    assert "cookie" not in asked.headers


@pytest.mark.parametrize("status", ["404 None", "405 No", "403 No", "500 Oh", "501 No"])
def test_where_head_is_no_success_the_beginning_is_got(stranger: Stranger, status: str) -> None:
    in_turn(stranger, answering(b"", status=status), answering(b"here"))
    assert look_at(stranger.url) == Seen(status=200)
    assert [asked.line.partition(" ")[0] for asked in stranger.asked] == ["HEAD", "GET"]
    assert stranger.asked[1].headers["range"] == "bytes=0-16383"


def test_a_server_that_hangs_up_on_head_is_asked_by_get(stranger: Stranger) -> None:
    in_turn(stranger, raw(b""), answering(b"here"))
    assert look_at(stranger.url) == Seen(status=200)


@pytest.mark.parametrize("status", [404, 410, 401, 429, 503])
def test_a_status_that_is_no_success_comes_back_as_it_is(stranger: Stranger, status: int) -> None:
    stranger.manner = answering(b"", status=f"{status} So")
    assert look_at(stranger.url) == Seen(status=status)


def test_a_name_that_is_not_ascii_is_asked_for_by_its_ascii_form(stranger: Stranger) -> None:
    asked: list[str] = []

    def lookup(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    url = f"http://hüfte.example:{port_of(stranger.url)}/größe"
    assert look_at(url, lookup=lookup) == Seen(status=200)
    assert asked == ["xn--hfte-0ra.example"]
    assert stranger.asked[0].line == "HEAD /gr%C3%B6%C3%9Fe HTTP/1.1"


# Redirects


def leads_to(url: str, status: str = "302 Found") -> Manner:
    return answering(b"", status=status, more=f"Location: {url}\r\n")


@pytest.mark.parametrize("status", ["301 A", "302 B", "303 C", "307 D", "308 E"])
def test_a_redirect_is_followed_to_its_end(stranger: Stranger, status: str) -> None:
    in_turn(stranger, leads_to("../new page/ü", status), answering(b"", status="410 Gone"))
    assert look_at(stranger.url) == Seen(status=410)
    assert stranger.asked[1].line == "HEAD /new%20page/%C3%BC HTTP/1.1"


def test_i10_a_redirect_loop_ends_after_five(stranger: Stranger) -> None:
    stranger.manner = leads_to(stranger.url)
    assert look_at(stranger.url).problem == Problem.ENDLESS
    assert len(stranger.asked) == 6


@pytest.mark.parametrize(
    "inside",
    [
        "http://10.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//192.168.1.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "http://name:word@127.0.0.1/",
        "http://127.0.0.1:25/",
    ],
)
def test_i10_a_redirect_that_leads_inside_or_off_the_web_is_not_followed(
    stranger: Stranger, inside: str
) -> None:
    stranger.manner = leads_to(inside)
    seen = look(
        stranger.url,
        agent=AGENT,
        ports=frozenset({80, port_of(stranger.url)}),
        may_reach=lambda address: address == "127.0.0.1",
    )
    assert seen.was_refused
    assert seen.status is None
    assert len(stranger.asked) == 1


# Whom it never calls


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0"),  # noqa: S104
        *("10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0xa9fea9fe"),
        *("224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "localhost"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]"),
        *("[fe80::1]", "[fc00::1]", "[fd12::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]"),
        *("[2002:7f00:1::]", "[2002:0808:0808::]", "[64:ff9b::7f00:1]", "[64:ff9b:1::808:808]"),
        "[2001:0:7f00:1::]",
    ],
)
def test_i10_no_spelling_of_an_address_inside_is_called(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _socket, where: called.append(where))
    seen = look(f"http://{host}/", agent=AGENT)
    assert seen.status is None
    assert seen.problem
    assert called == []


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_the_public_web_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_i10_an_address_is_as_public_through_nat64_as_it_is_itself(address: object) -> None:
    assert is_public(f"64:ff9b::{address}") == is_public(str(address))
    assert not is_public(f"::ffff:{address}")


@pytest.mark.parametrize("text", ["", "localhost", "127.0.0.1/8", "1.2.3", "::1%lo", "a" * 500])
def test_i10_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)


def test_i10_a_name_that_stands_for_one_address_inside_among_others_is_refused() -> None:
    def lookup(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.1"]

    assert look("http://rebind.example/", agent=AGENT, lookup=lookup).was_refused


def test_i10_a_name_whose_answer_flips_is_looked_up_once(stranger: Stranger) -> None:
    """The second answer would lead inside; HEAD and GET both go where the first one led."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    in_turn(stranger, answering(b"", status="405 No"), answering(b"here"))
    url = f"http://flips.example:{port_of(stranger.url)}/"
    assert look_at(url, lookup=lambda _host, _port: answers.pop(0)) == Seen(status=200)
    assert answers == [["10.0.0.1"]]
    assert [asked.headers["host"] for asked in stranger.asked] == [urlsplit(url).netloc] * 2


def test_i10_a_redirect_to_the_same_name_is_looked_up_and_checked_again(
    stranger: Stranger,
) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    url = f"http://flips.example:{port_of(stranger.url)}/"
    stranger.manner = leads_to(url + "next")
    assert look_at(url, lookup=lambda _host, _port: answers.pop(0)).was_refused
    assert len(stranger.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "javascript:x"),
        *("http://example.org:22/", "http://example.org:8080/", "https://example.org:25/"),
        *("http://me:secret@example.org/", "//example.org/", "example.org", "", "http:///x"),
    ],
)
def test_i10_only_web_pages_on_web_ports_are_asked_for(url: str) -> None:
    looked: list[str] = []

    def lookup(host: str, _port: int) -> list[str]:
        looked.append(host)
        return ["93.184.216.34"]

    assert look(url, agent=AGENT, lookup=lookup).was_refused
    assert looked == []


@given(st.text(max_size=60))
def test_whatever_is_typed_a_look_raises_nothing(rest: str) -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    for url in (rest, f"http://{rest}", f"http://example.org/{rest}"):
        assert look(url, agent=AGENT, lookup=nobody).problem


# What cannot hold it up


@pytest.mark.parametrize(
    "manner",
    [
        pytest.param(hangs, id="nothing"),
        pytest.param(dripping(b"HTTP/1.1 2"), id="a status by drops"),
        pytest.param(dripping(b"HTTP/1.1 200 OK\r\nX-Long: "), id="a header by drops"),
    ],
)
def test_i10_r28_a_look_ends_in_time_however_slowly_it_is_answered(
    stranger: Stranger, manner: Manner
) -> None:
    stranger.manner = manner
    began = perf_counter()
    assert look_at(stranger.url, seconds=0.3).problem == Problem.LATE
    assert perf_counter() - began < IN_TIME


def test_i10_r28_redirects_share_one_time(stranger: Stranger) -> None:
    def late(server: Stranger, connection: socket.socket) -> None:
        server.ended.wait(0.2)
        leads_to(server.url)(server, connection)

    stranger.manner = late
    began = perf_counter()
    assert look_at(stranger.url, seconds=0.5).problem == Problem.LATE
    assert perf_counter() - began < IN_TIME
    assert len(stranger.asked) < 6


def test_r28_a_lookup_that_never_ends_is_left_in_time(stranger: Stranger) -> None:
    def slow(_host: str, _port: int) -> list[str]:
        stranger.ended.wait(20)
        return []

    began = perf_counter()
    assert look_at(stranger.url, seconds=0.2, lookup=slow).problem == Problem.LATE_NAME
    assert perf_counter() - began < IN_TIME


def test_i10_of_fifty_megabytes_only_the_head_is_read(stranger: Stranger) -> None:
    in_turn(stranger, answering(b"", status="405 No"), pouring(50))
    began = perf_counter()
    assert look_at(stranger.url) == Seen(status=200)
    assert perf_counter() - began < IN_TIME


def test_an_endless_page_is_a_page(stranger: Stranger) -> None:
    in_turn(stranger, answering(b"", status="405 No"), dripping(b"HTTP/1.1 200 OK\r\nX: a\r\n\r\n"))
    assert look_at(stranger.url) == Seen(status=200)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"\x00\xff" * 300, id="noise"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", id="a huge header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 5000 + b"\r\n", id="many headers"),
    ],
)
def test_what_is_no_http_is_told_in_words(stranger: Stranger, content: bytes) -> None:
    stranger.manner = raw(content)
    assert look_at(stranger.url) == Seen(problem=Problem.NO_SENSE)


def test_r28_a_server_that_is_not_there_is_told_in_words(stranger: Stranger) -> None:
    stranger.close()
    assert look_at(stranger.url) == Seen(problem=Problem.NOBODY)


def test_r28_a_name_that_nobody_knows_is_told_in_words() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    seen = look("https://gone.example/", agent=AGENT, lookup=unknown)
    assert seen == Seen(problem=Problem.NO_MACHINE)


def test_of_several_machines_the_next_is_called_when_one_is_away(stranger: Stranger) -> None:
    seen = look(
        f"http://two.example:{port_of(stranger.url)}/",
        agent=AGENT,
        ports=frozenset({port_of(stranger.url)}),
        may_reach=lambda _address: True,
        lookup=lambda _host, _port: ["127.0.0.2", "127.0.0.1"],
    )
    assert seen == Seen(status=200)


# Certificates


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), "DNS:site.example", "IP:127.0.0.1")


@pytest.fixture
def tls(certificate: Certificate) -> Iterator[Stranger]:
    server = Stranger(certificate)
    server.manner = answering(b"sure")
    yield server
    server.close()


def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_certificate_that_nobody_vouched_for_is_a_problem(tls: Stranger) -> None:
    assert look_at(tls.url) == Seen(problem=Problem.CERTIFICATE)
    assert tls.asked == []


def test_a_certificate_is_held_against_the_name_and_not_the_address(
    tls: Stranger, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address that the certificate is for too; the name decides."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    named, other = (
        tls.url.replace("127.0.0.1", name) for name in ("site.example", "another.example")
    )
    assert look_at(named, lookup=here) == Seen(status=200)
    assert look_at(other, lookup=here) == Seen(problem=Problem.CERTIFICATE)


# Moved for good


def test_redirects_for_good_that_end_well_tell_the_new_address(stranger: Stranger) -> None:
    there = stranger.url.replace("/opinion", "/new")
    in_turn(stranger, leads_to("/between", "308 P"), leads_to("/new", "301 M"), answering(b"here"))
    assert look_at(f"{stranger.url}#minute-3") == Seen(200, moved_to=f"{there}#minute-3")


def test_one_redirect_that_is_not_for_good_names_no_new_address(stranger: Stranger) -> None:
    in_turn(stranger, leads_to("/a", "301 M"), leads_to("/b", "302 F"), answering(b"here"))
    assert look_at(stranger.url) == Seen(200)


@pytest.mark.parametrize("status", ["404 None", "403 No", "500 Oh"])
def test_a_redirect_for_good_to_no_success_names_no_new_address(
    stranger: Stranger, status: str
) -> None:
    in_turn(stranger, leads_to("/a", "301 M"), answering(b"", status=status))
    assert look_at(stranger.url).moved_to == ""


def test_i10_a_redirect_for_good_that_leads_inside_names_no_new_address(
    stranger: Stranger,
) -> None:
    stranger.manner = leads_to("http://10.0.0.1/", "301 M")
    assert look_at(stranger.url).moved_to == ""
