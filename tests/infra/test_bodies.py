"""How large a body may be (S10): small everywhere, larger only where a view says so."""

from __future__ import annotations

import gzip
import io

import pytest

from app.infra.http.bodies import USUAL_LIMIT
from tests.support.client import Browser

pytestmark = pytest.mark.one_database


def form_of(size: int) -> bytes:
    return b"text=" + b"a" * (size - len(b"text="))


def test_s10_a_body_of_the_usual_size_is_taken(visitor: Browser) -> None:
    room = USUAL_LIMIT - len(visitor.csrf_token()) - 100

    assert visitor.submit("/bench/act/done", text="a" * room).status_code == 200


@pytest.mark.parametrize("size", [USUAL_LIMIT + 1, 1024 * 1024, 10 * 1024 * 1024])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/json", "text/plain"]
)
def test_s10_a_larger_body_is_refused_in_words(visitor: Browser, kind: str, size: int) -> None:
    answer = visitor.post("/bench/act/done", data=form_of(size), content_type=kind)

    assert answer.status_code == 413
    assert "That is too much at once" in answer.text


def test_s10_a_body_that_hides_its_length_is_measured_as_it_is_read(visitor: Browser) -> None:
    answer = visitor.post(
        "/bench/act/done",
        input_stream=io.BytesIO(form_of(1024 * 1024)),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == 413


def test_s10_a_thousand_parts_are_refused(visitor: Browser) -> None:
    parts = {f"field{number}": "a" for number in range(1000)}

    answer = visitor.post("/bench/large", data=parts, content_type="multipart/form-data")

    assert answer.status_code == 413


def test_s10_ten_thousand_fields_are_no_fault(visitor: Browser) -> None:
    answer = visitor.post(
        "/bench/act/done",
        data="&".join(f"{number}=" for number in range(10_000)),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400  # it bears no token


def test_a_view_may_take_more(visitor: Browser) -> None:
    answer = visitor.submit("/bench/large", text="a" * (500 * 1024))

    assert answer.text == str(500 * 1024)


def test_a_view_that_takes_more_has_a_limit_too(visitor: Browser) -> None:
    assert visitor.submit("/bench/large", text="a" * (1025 * 1024)).status_code == 413


def test_i06_a_body_in_gzip_is_never_unpacked(visitor: Browser) -> None:
    """It is what it is: bytes that are no form. So a kilobyte stays one."""
    form = visitor.csrf_token().join(("csrf_token=", "&text=" + "a" * 10_000_000))

    answer = visitor.post(
        "/bench/act/done",
        data=gzip.compress(form.encode()),
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Encoding": "gzip"},
    )

    assert answer.status_code == 400  # no token was found in it
