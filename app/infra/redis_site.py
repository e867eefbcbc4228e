"""The one door to Redis, imported only where a site has one: the package brings along its twin for
asyncio and takes a twentieth of a start and five megabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis import Redis


def connected(url: str, *, is_patient: bool = True, **options: Any) -> Redis:
    """A client; nothing is sent yet. One that is not patient tries once where no answer comes."""
    from redis import Redis  # noqa: PLC0415  (see above)
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    if not is_patient:
        options["retry"] = Retry(NoBackoff(), 0)
    return Redis.from_url(url, **options)


def away() -> type[Exception]:
    """What every call to it may raise: `except redis_site.away() as wrong`, which is read only
    when something was raised."""
    from redis.exceptions import RedisError  # noqa: PLC0415  (see above)

    return RedisError
