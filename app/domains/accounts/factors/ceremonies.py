"""What browsers are asked to sign for passkeys, and whether what they answer is good.

The one home of the library. It is imported when the first passkey is used: it brings ten megabytes
along, and most processes never see one. Nothing here reads the database or the clock.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.domains.accounts.factors.errors import PasskeyRefused
from app.infra import settings

LONGEST_WAIT_MILLISECONDS = 300_000
UNFIT = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading something of another shape comes to, in the library too."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whom passkeys are for, by the configuration and never by what a request says: the host name
    (`id`) and the origin of `PUBLIC_URL`."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device made, in base64url."""

    credential: str
    public_key: str
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser sent: read, and believed in nothing yet."""

    credential: str
    challenge: str
    handle: str | None
    whole: dict[str, Any]


def site() -> Site:
    known = settings.current()
    parts = urlsplit(known.public_url.lower())
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", known.site_name)


def are_possible() -> bool:
    """Whether browsers take passkeys here: they want https, or this machine by its name."""
    host = urlsplit(settings.current().public_url).hostname or ""
    is_name = not host.replace(".", "").isdigit() and ":" not in host
    return is_name and (settings.current().is_https or host == "localhost")


def read(text: str) -> Answer:
    """Raises PasskeyRefused for what no browser sends."""
    try:
        whole = json.loads(text)
        response = whole["response"]
        said = json.loads(_bytes(response["clientDataJSON"]))
        if said.get("crossOrigin") not in (None, False):
            raise PasskeyRefused
        handle = response.get("userHandle")
        found = Answer(whole["id"], said["challenge"], handle, whole)
    except UNFIT as wrong:
        raise PasskeyRefused from wrong
    if not all(isinstance(one, str) for one in (found.credential, found.challenge, handle or "")):
        raise PasskeyRefused
    return found


def ask_to_make(
    *, challenge: bytes, handle: bytes, login: str, name: str, known: Sequence[str]
) -> dict[str, Any]:
    """The options of `navigator.credentials.create`, as JSON takes them."""
    import webauthn  # noqa: PLC0415  (see above)
    from webauthn.helpers import structs  # noqa: PLC0415

    here = site()
    options = webauthn.generate_registration_options(
        rp_id=here.id,
        rp_name=here.name,
        user_id=handle,
        user_name=login,
        user_display_name=name,
        challenge=challenge,
        timeout=LONGEST_WAIT_MILLISECONDS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return _plain(options)


def ask_to_sign(*, challenge: bytes, known: Sequence[str], must_verify: bool) -> dict[str, Any]:
    """The options of `navigator.credentials.get`. With none `known` the browser offers those that
    it has for this site; `must_verify` asks for a PIN, a finger or a face besides."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    wanted = structs.UserVerificationRequirement
    options = webauthn.generate_authentication_options(
        rp_id=site().id,
        challenge=challenge,
        timeout=LONGEST_WAIT_MILLISECONDS,
        allow_credentials=_descriptors(known),
        user_verification=wanted.REQUIRED if must_verify else wanted.PREFERRED,
    )
    return _plain(options)


def made(answer: Answer, challenge: str, here: Site) -> Made:
    """The passkey in an answer to `ask_to_make`. Raises PasskeyRefused, also for one that was made
    for another site or another challenge."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers import bytes_to_base64url  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        found = webauthn.verify_registration_response(
            credential=answer.whole,
            expected_challenge=_bytes(challenge),
            expected_rp_id=here.id,
            expected_origin=here.origin,
        )
    except (WebAuthnException, *UNFIT) as wrong:
        raise PasskeyRefused from wrong
    return Made(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
    )


def signed(
    answer: Answer, challenge: str, here: Site, public_key: str, *, must_verify: bool
) -> int:
    """The counter of the device that signed an answer to `ask_to_sign`; whether it went on is for
    the caller to see. Raises PasskeyRefused as `made` does."""
    import webauthn  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        found = webauthn.verify_authentication_response(
            credential=answer.whole,
            expected_challenge=_bytes(challenge),
            expected_rp_id=here.id,
            expected_origin=here.origin,
            credential_public_key=_bytes(public_key),
            credential_current_sign_count=0,
            require_user_verification=must_verify,
        )
    except (WebAuthnException, *UNFIT) as wrong:
        raise PasskeyRefused from wrong
    return found.new_sign_count


def _bytes(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415

    return base64url_to_bytes(text)


def _descriptors(known: Sequence[str]) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415

    return [PublicKeyCredentialDescriptor(id=_bytes(one)) for one in known]


def _plain(options: Any) -> dict[str, Any]:
    import webauthn  # noqa: PLC0415

    plain: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return plain
