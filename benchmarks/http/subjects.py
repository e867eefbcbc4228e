"""What is asked: the site's pages, in each way that they are asked for, and their floors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.http import threads
from benchmarks.http.client import WrongAnswer, request
from benchmarks.http.pieces import Page, fetch
from benchmarks.http.rounds import Subject
from benchmarks.http.site import Measured

BARE, FLASK, STORED, FILE = "WSGI", "Flask", "fragments", "nginx"
CHANGES_A_ROUND = 60
SEARCH = "/search?q=hip+stretch"


@dataclass(frozen=True)
class Served:
    """Where somebody answers."""

    port: int
    pid: int


@dataclass(frozen=True)
class Place:
    """A page that has floors; `mark` is what a change of it raises."""

    name: str
    title: str
    path: str
    headers: Mapping[str, str]
    mark: str = ""
    all_floors: bool = False


def places(site: Measured, port: int, deep: int) -> list[Place]:
    """The pages that are measured; the desk at its first page and at page `deep`."""
    small, large = threads.LENGTHS
    found = [
        Place(
            f"a{length}",
            f"article, {length:,} comments",
            f"/articles/{threads.slug(length)}",
            {},
            f"article:{site.articles[length]}",
            all_floors=True,
        )
        for length in (small, large)
    ]
    found += [
        Place(
            "all",
            f"{large:,} comments, all on one page",
            f"/articles/{threads.slug(large)}?all=1",
            {},
            f"article:{site.articles[large]}",
        ),
        Place("question", "question page", site.question, {}, f"article:{site.articles[small]}"),
        Place("tag", "tag page", site.tag, {}, "questions"),
        Place("search", "search", SEARCH, {}),
        Place("desk", "desk, first page", "/moderation/", site.moderator),
    ]
    path = site.desk_page(port, deep)
    if path is not None:
        found.append(Place("deep", f"desk, page {deep}", path, site.moderator))
    return found


def pages(port: int, found: list[Place]) -> dict[str, Page]:
    """What the site answers for each, as it came."""
    return {place.name: fetch(port, place.path, place.headers) for place in found}


def ours(site: Measured, served: Served, found: list[Place]) -> Iterator[Subject]:
    yield _read("nothing", served, "/healthz")
    for place in found:
        if not place.mark:
            yield _read(place.name, served, place.path, place.headers)
            continue
        yield _read(f"{place.name} kept", served, place.path)
        yield _drawn(f"{place.name} drawn", served, place, site.change)
        if place.mark.startswith("article:"):
            yield _drawn(f"{place.name} whole", served, place, site.raise_mark)
        if place.all_floors:
            zipped = {"Accept-Encoding": "gzip"}
            yield _read(f"{place.name} gzip", served, place.path, zipped)
            known = {"If-None-Match": _tag(served.port, place.path)}
            yield _read(f"{place.name} same", served, place.path, known, status=304)
            yield _read(f"{place.name} entered", served, place.path, site.reader)
    for name, ask in (("post", site.posting), ("decide", site.deciding)):
        yield Subject(
            name, served.port, served.pid, ask(served.port), 303, lines=1, most=CHANGES_A_ROUND
        )


def below(floors: Served, files: Served | None, found: list[Place]) -> Iterator[Subject]:
    """The floors of each page; `files` are nginx's, where there is one."""
    for place in found:
        yield _read(f"{place.name} {STORED}", floors, f"/stored/{place.name}")
        if place.all_floors:
            yield _read(f"{place.name} {BARE}", floors, f"/bare/{place.name}")
            yield _read(f"{place.name} {FLASK}", floors, f"/flask/{place.name}")
            if files is not None:
                yield _read(f"{place.name} {FILE}", files, f"/{place.name}.body")


def side_by_side(subjects: list[Subject], found: list[Place]) -> list[Subject]:
    """Each page's floors next to it, so that both meet the same moment of the machine."""
    order = {place.name: number for number, place in enumerate(found)}
    return sorted(subjects, key=lambda one: order.get(one.name.split()[0], len(order)))


def _read(
    name: str,
    served: Served,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Subject:
    asked = request(path, headers, port=served.port)
    return Subject(name, served.port, served.pid, lambda: asked, status)


def _drawn(name: str, served: Served, place: Place, change: Callable[[str], None]) -> Subject:
    """The first reader after a change, again and again: the mark is raised before each request."""
    asked = request(place.path, port=served.port)

    def ask() -> bytes:
        change(place.mark)
        return asked

    raising: Callable[[], bytes] = ask
    return Subject(name, served.port, served.pid, raising, lines=1)


def _tag(port: int, path: str) -> str:
    headers = dict(fetch(port, path).headers)
    known = next((value for name, value in headers.items() if name.lower() == "etag"), None)
    if known is None:
        raise WrongAnswer(f"{path} has no ETag")
    return known
