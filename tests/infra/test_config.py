"""Settings from the environment, and the sites that may not be served as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from app.config import DEMO_SECRET, PROJECT, BadSettings, Settings, read
from app.config.listing import variables
from app.config.reading import SECRETS
from app.infra.db import engine_options

GOOD = "f3b9c1d27a604e58b1c9d0e2a7f64853"
PRODUCTION = {"SECRET_KEY": GOOD, "PUBLIC_URL": "https://questions.example.org"}


def test_a_production_site_with_its_own_secret_may_be_served() -> None:
    read(PRODUCTION).refuse_unsafe()


@pytest.mark.parametrize(
    "secret",
    ["", "dev", "changeme", "secret", "short-but-unheard-of", GOOD[:31], DEMO_SECRET],
)
def test_a14_production_refuses_a_missing_known_or_short_secret(secret: str) -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY"):
        read({**PRODUCTION, "SECRET_KEY": secret}).refuse_unsafe()


def test_production_refuses_a_public_address_without_https() -> None:
    with pytest.raises(BadSettings, match="PUBLIC_URL"):
        read({**PRODUCTION, "PUBLIC_URL": "http://questions.example.org"}).refuse_unsafe()


def test_production_may_be_tried_on_this_machine() -> None:
    read({"SECRET_KEY": GOOD}).refuse_unsafe()


def test_the_demo_needs_nothing() -> None:
    settings = read({"THRESHOLD_MODE": "demo"})

    settings.refuse_unsafe()
    assert settings.secret_key == DEMO_SECRET


def test_a14_the_program_itself_refuses_to_serve_without_a_secret(tmp_path: Path) -> None:
    environment = {"INSTANCE_FOLDER": str(tmp_path), "PATH": os.environ["PATH"]}

    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode != 0
    assert "SECRET_KEY is not set." in ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THRESHOLD_MODE", "debug"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("MAIL_BACKEND", "pigeon"),
        ("SMTP_SECURITY", "some"),
        ("RATE_LIMITS", "perhaps"),
        ("TRUSTED_PROXIES", "10.0.0.300"),
        ("PUBLIC_URL", "questions.example.org"),
        ("PUBLIC_URL", "ftp://questions.example.org"),
        ("PUBLIC_URL", "https://questions.example.org/?a=b"),
        ("PUBLIC_URL", "https://example.org/questions"),
        ("PUBLIC_URL", "https://example.org:99999"),
        ("PUBLIC_URL", "https://me:secret@example.org"),
        ("PUBLIC_URL", "https://exa mple.org"),
        ("PUBLIC_URL", "https://-.\u2603\u20e0"),
        ("MAIL_HOOK_TOKEN", "short"),
        ("MAIL_REPLY_ADDRESS", "reply@example.org"),
        ("MAIL_REPLY_ADDRESS", "reply+{token}@example"),
        ("MAIL_REPLY_ADDRESS", "a-box-of-seventeen+{token}@example.org"),
        ("MAIL_REPLY_ADDRESS", "r{token}@example.org, b@example.org"),
        ("MAIL_REPLY_DAYS", "31"),
        ("PROOF_IDLE_MINUTES", "5"),
        ("PROOF_HOURS", "0"),
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "with a space in it"),
        ("METRICS_NETWORKS", "everywhere"),
        ("LOG_FORMAT", "xml"),
        ("SLOW_QUERY_MS", "soon"),
        ("BACKUP_KEEP_DAILY", "0"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read({name: value})


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("https://Example.org:443/", "https://example.org"),
        ("HTTPS://example.org", "https://example.org"),
        ("https://b\xfccher.example:8443", "https://xn--bcher-kva.example:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        (" https://example.org:80 ", "https://example.org:80"),
    ],
)
def test_the_public_address_is_read_as_browsers_name_it(written: str, read_as: str) -> None:
    """Forms and passkeys are compared with the origin that a browser tells."""
    assert read({**PRODUCTION, "PUBLIC_URL": written}).public_url == read_as


def test_every_setting_is_read_from_its_variable() -> None:
    settings = read(
        {
            **PRODUCTION,
            "HOST": "0.0.0.0",  # noqa: S104  (read, not bound)
            "PORT": "9000",
            "TRUSTED_HOSTS": "a.example, b.example,",
            "TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8",
            "GUESTS_MAY_ASK": "0",
            "COMMENTS_CLOSE_AFTER_DAYS": "30",
            "RATE_LIMITS": "off",
        }
    )

    assert (settings.host, settings.port) == ("0.0.0.0", 9000)  # noqa: S104
    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert not settings.guests_may_ask
    assert settings.comments_close_after_days == 30
    assert not settings.rate_limits


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_psycopg(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://me@db/site")

    assert settings.sqlalchemy_url == "postgresql+psycopg://me@db/site"


def test_without_a_database_url_the_file_stands_in_the_instance_folder(tmp_path: Path) -> None:
    assert Settings(instance_folder=tmp_path).sqlalchemy_url == f"sqlite:///{tmp_path}/threshold.db"


def test_c06_only_the_demo_answers_to_this_machines_own_names() -> None:
    settings = Settings(public_url="https://questions.example.org", trusted_hosts=("b.example",))

    assert settings.allowed_hosts == ["questions.example.org", "b.example"]
    assert "127.0.0.1" in replace(settings, mode="demo").allowed_hosts


def test_passwords_are_not_shown_when_settings_are_printed() -> None:
    printed = repr(
        Settings(secret_key=GOOD, smtp_password="hunter two", database_url="postgresql://me:pw@db")
    )

    assert GOOD not in printed
    assert "hunter two" not in printed
    assert "me:pw" not in printed


@pytest.mark.parametrize("name", ["SECRET_KEY", "SMTP_PASSWORD", "DATABASE_URL", "METRICS_TOKEN"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(GOOD + "\n")

    settings = read({f"{name}_FILE": str(file)})

    assert getattr(settings, name.lower()) == GOOD


def test_every_secret_setting_may_and_no_other() -> None:
    assert set(SECRETS) == {
        *("SECRET_KEY", "SECRET_KEY_OLD", "DATABASE_URL", "DATABASE_REPLICA_URLS"),
        *("REDIS_URL", "SMTP_PASSWORD", "MAIL_HOOK_TOKEN"),
        *("OPINION_URL", "OPINION_KEY", "METRICS_TOKEN", "PURGE_URL", "OPENID_CLIENT_SECRET"),
    }


def test_several_old_secrets_are_read_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "old"
    file.write_text(f"{GOOD}1,{GOOD}2")

    settings = read({**PRODUCTION, "SECRET_KEY_OLD_FILE": str(file)})

    assert settings.secret_key_old == (f"{GOOD}1", f"{GOOD}2")
    settings.refuse_unsafe()


def test_a14_an_old_secret_that_everybody_knows_is_refused_too() -> None:
    with pytest.raises(BadSettings, match="SECRET_KEY_OLD"):
        read({**PRODUCTION, "SECRET_KEY_OLD": "changeme"}).refuse_unsafe()


@pytest.mark.parametrize("content", [None, b"", b"\n", b"one\ntwo", b"a\x00b", b"\xff\xfe"])
def test_r18_a_file_without_a_secret_is_named_and_not_repeated(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(BadSettings, match="SECRET_KEY_FILE") as refused:
        read({"SECRET_KEY_FILE": str(file)})

    assert "two" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_secret_stands_in_one_place(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="both set"):
        read({"SECRET_KEY": GOOD, "SECRET_KEY_FILE": str(tmp_path / "secret")})


def test_every_setting_says_what_it_means_and_can_be_set() -> None:
    told = variables()

    assert [one.field for one in told] == [field.name for field in fields(Settings)]
    assert all(len(one.meaning) > 10 for one in told)
    reading = (PROJECT / "app" / "config" / "reading.py").read_text()
    assert [one.name for one in told if f'"{one.name}"' not in reading] == []


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"DATABASE_REPLICA_URLS": "postgresql://a/b"}, "DATABASE_REPLICA_URLS needs"),
        (
            {"DATABASE_URL": "postgresql://a/b", "DATABASE_REPLICA_URLS": "mysql://a/b"},
            "DATABASE_REPLICA_URLS needs",
        ),
        ({"REPLICA_LAG_SECONDS": "0"}, "REPLICA_LAG_SECONDS"),
        ({"REPLICA_LAG_SECONDS": "61"}, "REPLICA_LAG_SECONDS"),
    ],
)
def test_copies_of_a_database_are_postgresql_and_follow_closely(
    environment: dict[str, str], told: str
) -> None:
    with pytest.raises(BadSettings, match=told):
        read(environment)


def test_copies_are_reached_by_the_same_driver_as_the_primary() -> None:
    urls = "postgres://one/site, postgresql://two/site"
    settings = read({"DATABASE_URL": "postgresql://a/site", "DATABASE_REPLICA_URLS": urls})

    assert settings.replica_urls == [
        "postgresql+psycopg://one/site",
        "postgresql+psycopg://two/site",
    ]
    assert "two/site" not in repr(settings)


def test_nothing_is_prepared_on_a_connection_of_pgbouncer() -> None:
    url = "postgresql+psycopg://a/site"

    assert engine_options(url, pooled=True)["connect_args"]["prepare_threshold"] is None
    assert "prepare_threshold" not in engine_options(url)["connect_args"]


OPENID = {
    **PRODUCTION,
    "OPENID_ISSUER": "https://id.example.org/realms/blog",
    "OPENID_CLIENT_ID": "threshold",
    "OPENID_CLIENT_SECRET": GOOD,
}


def test_an_openid_provider_is_known_by_its_host_or_by_the_name_that_it_is_given() -> None:
    assert read(PRODUCTION).openid_called == ""
    assert read(OPENID).openid_called == "id.example.org"
    assert read({**OPENID, "OPENID_NAME": "Example ID"}).openid_called == "Example ID"


def test_half_an_openid_provider_is_none(subtests: pytest.Subtests) -> None:
    local = "http://127.0.0.1:9000"
    wrong = [
        {"OPENID_ISSUER": ""},
        {"OPENID_ISSUER": "http://id.example.org"},
        {"OPENID_ISSUER": local},
        {"OPENID_ISSUER": "https://id.example.org/?p=blog"},
        {"OPENID_ISSUER": "https://user:pass@id.example.org"},
        {"OPENID_ISSUER": "https://id.example.org/" + "a" * 255},
        {"OPENID_CLIENT_ID": ""},
        {"OPENID_CLIENT_SECRET": ""},
        {"OPENID_CLIENT_SECRET": "\u00fc" * 32},
        {"OPENID_NAME": "n" * 41},
        {"OPENID_NAME": "two\nlines"},
    ]
    for one in wrong:
        with subtests.test(one), pytest.raises(BadSettings, match="OPENID_"):
            read({**OPENID, **one})
    demo = {**OPENID, "THRESHOLD_MODE": "demo", "OPENID_ISSUER": local}
    assert read(demo).openid_issuer == local
