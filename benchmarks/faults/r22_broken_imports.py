"""Imports of files that are cut off or broken, killed at three points, and done again

Each time the whole file is brought in afterwards, and what stands there then must be what one clean
import gives. Odd content (zero dates, orphans, double ids, hostile text) is tested where the reader
is (tests/importers); here it is the process that ends badly.
"""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import func, select

from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Process
from benchmarks.faults.sites import Site
from benchmarks.faults.waiting import until
from benchmarks.importing import write_export

SECONDS = 900.0
CUTS = (0.1, 0.55, 0.97)
KILLS = (0.05, 0.4, 0.8)
"""Shares of the file, and of its comments."""
Rows = list[tuple[object, ...]]


def run(place: Place) -> Outcome:
    checks = Checks()
    comments = place.many(5_000, 600)
    folder = place.folder / f"imports-{place.kind}"
    folder.mkdir(exist_ok=True)
    whole = folder / "whole.xml"
    write_export(whole, comments, 10)
    with place.site() as site:
        _import(site, whole, checks)
        clean = site.look(_rows)
        again = _import(site, whole, checks)
        checks.that("a second import adds nothing", site.look(_rows) == clean, again[-300:])
    cuts, kills = (CUTS[1:2], KILLS[1:2]) if place.is_quick else (CUTS, KILLS)
    for share in cuts:
        _cut(place, whole, share, clean, checks)
    for share in kills:
        _killed(place, whole, int(comments * share), clean, checks)
    for name, broken in _broken(whole).items():
        _refused(place, folder / "broken.xml", name, broken, checks)
    checks.figure(f"{comments:,} comments; cut {len(cuts)}, killed {len(kills)} times")
    return checks.outcome()


def _import(site: Site, file: Path, checks: Checks) -> str:
    done = site.run("import", "wordpress", str(file), name="import")
    code = done.wait(SECONDS)
    checks.that("the whole file comes in", code == 0, done.said()[-300:])
    return done.said()


def _cut(place: Place, whole: Path, share: float, clean: Rows, checks: Checks) -> None:
    content = whole.read_bytes()[: int(whole.stat().st_size * share)]
    cut = whole.with_name("cut.xml")
    cut.write_bytes(content)
    with place.site() as site:
        done = site.run("import", "wordpress", str(cut), name="cut")
        checks.that("a cut file does not end well", done.wait(SECONDS) != 0)
        said = done.said()
        found = re.search(r"line [\d,]+", said) and re.search(r"byte [\d,]+", said)
        checks.that("and it is said where it ends", found, said[-300:])
        before = content.count(b"</wp:comment>")
        checks.same("every whole comment before the cut is in", site.look(_count), before)
        _import(site, whole, checks)
        checks.that("the whole file after it is one clean import", site.look(_rows) == clean)
        place.tell(f"cut at {share:.0%}")


def _killed(place: Place, whole: Path, after: int, clean: Rows, checks: Checks) -> None:
    with place.site() as site:
        importing = site.run("import", "wordpress", str(whole), name="killed")
        _wait_for(site, importing, after)
        importing.kill()
        came = site.look(_count)
        checks.that("a killed import had begun", came >= after, came)
        _import(site, whole, checks)
        checks.that("and another one makes it whole", site.look(_rows) == clean)
        place.tell(f"killed after {came}")


def _wait_for(site: Site, importing: Process, after: int) -> None:
    until(
        lambda: site.look(_count) >= after or not importing.is_running,
        SECONDS,
        what="comments",
        pause=0.05,
    )


def _broken(whole: Path) -> dict[str, bytes]:
    content = whole.read_bytes()
    middle = content.index(b"]]>", len(content) // 2)
    return {
        "no export at all": b"<html><body>hello</body></html>",
        "empty": b"",
        "an unended CDATA": content[:middle] + content[middle + 3 :][:20_000],
        "hostile UTF-8": content[:middle] + b"\xff\xfe\xc0\x80" + content[middle:],
        "a version nobody knows": content.replace(b"<wp:wxr_version>1.2", b"<wp:wxr_version>9.9"),
    }


def _refused(place: Place, file: Path, name: str, content: bytes, checks: Checks) -> None:
    file.write_bytes(content)
    with place.site() as site:
        done = site.run("import", "wordpress", str(file), name="broken")
        code, said = done.wait(SECONDS), done.said()
        checks.that(f"{name}: refused", code != 0, said[-300:])
        checks.that(f"{name}: in words", "Traceback" not in said, said[-500:])


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def _rows() -> Rows:
    """What stands there, without the ids that the order of coming in gave."""
    above = Comment.__table__.alias("above")
    rows = (
        select(
            Article.slug, Comment.source, Comment.status, Comment.author_name,
            Comment.created_at, above.c.source.label("above"),
        )
        .join(Article, Article.id == Comment.article_id)
        .outerjoin(above, above.c.id == Comment.parent_id)
    )  # fmt: skip
    return sorted((tuple(row) for row in db.session.execute(rows)), key=repr)
