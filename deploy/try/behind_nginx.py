"""Try deploy/ as it is: nginx with our configuration before two processes of the site.

    .venv/bin/python deploy/try/behind_nginx.py [path of nginx]

Needs nginx and openssl; asks nobody outside. Says what holds, and ends at the first that does not.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import requests
import urllib3
from stage import PROJECT, Browser, Stage, check, free_port, stage

from tests.support.certificates import make_certificate

urllib3.disable_warnings()
GUEST = {"name": "Anna Try", "email": "anna.try@example.com", "kind": ""}
QUESTION = "Zebras and quarter notes: does it hold behind nginx as well?"
BEGINS_WITHIN = 15.0
MIME = "/etc/nginx/mime.types"


def put_before(here: Stage, nginx: str) -> None:
    """nginx on free ports, with the files of deploy/nginx; only the places in them are changed."""
    folder = here.folder / "nginx"
    shutil.copytree(PROJECT / "deploy" / "nginx", folder)
    shutil.copy(MIME, folder / "mime.types")
    (folder / "cache").mkdir()
    certificate, key = make_certificate(folder, "IP:127.0.0.1")
    certificate.rename(folder / "tls.crt")
    key.rename(folder / "tls.key")
    tls, plain = free_port(), free_port()
    places = {
        "pid /run/nginx.pid;": f"pid {folder}/pid;",
        "/var/cache/nginx/site": f"{folder}/cache",
        "/dev/stdout": f"{folder}/access.log",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "127.0.0.1:8000": f"127.0.0.1:{here.port}",
    }
    for path in folder.glob("*.conf"):
        text = path.read_text()
        for told, ours in places.items():
            text = text.replace(told, ours)
        path.write_text(text)
    for path in (here.folder, folder, folder / "cache"):
        path.chmod(0o777)  # nginx's own processes are nobody's
    here.start("nginx", [nginx, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
    here.url = f"https://127.0.0.1:{tls}"
    here.environ |= {"PUBLIC_URL": here.url, "TRUSTED_PROXIES": "127.0.0.1/32"}


def reading(here: Stage) -> str:
    stranger = Browser(here.url)
    home = stranger.get("/")
    check(home.status_code == 200, "a stranger reads the first page over TLS")
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        check(name in home.headers, f"the site's {name} comes through")
    check("nginx/" not in home.headers.get("Server", ""), "the version of nginx is not told")
    article = re.search(r'href="(/articles/[a-z0-9-]+)"', home.text)
    path = article[1] if article else ""
    asset = re.search(r'href="(/assets/[^"]+\.css)"', home.text)
    css = asset[1] if asset else ""
    first, second = stranger.get(css), stranger.get(css)
    check(first.headers["Cache-Control"].endswith("immutable"), "style sheets are immutable")
    check(first.content == second.content, "a style sheet is the same from the cache")
    again = stranger.get(css, headers={"If-None-Match": first.headers["ETag"]})
    check(again.status_code == 304, "who has the style sheet is told so (304)")
    page = stranger.get(path)
    check(page.status_code == 200 and "<article" in page.text, "a stranger reads an article")
    again = stranger.get(path, headers={"If-None-Match": page.headers["ETag"]})
    check(again.status_code == 304, "who has the page is told so (304)")
    check(stranger.get("/metrics").status_code in (401, 403, 404), "numbers are guarded")
    return path


def writing(here: Stage, article: str) -> None:
    large = "a" * 200 * 1024
    stranger = Browser(here.url)
    answer = stranger.submit(article, f"{article}/ask", body=large, **GUEST)
    check(answer.status_code == 413, f"200 kB of a comment are refused ({answer.status_code})")
    answer = stranger.post("/search", data="a" * 400 * 1024)
    check(answer.status_code == 413, "400 kB are refused by nginx")
    asked = stranger.submit(article, f"{article}/ask", body=QUESTION, **GUEST)
    check(asked.status_code == 303, f"a guest asks ({asked.status_code})")
    private = asked.headers["Location"].removeprefix(here.url)
    shown = stranger.get(private)
    check(QUESTION[:20] in shown.text, "and reads their own question")
    check("no-store" in shown.headers["Cache-Control"], "which no cache keeps")
    other = Browser(here.url)
    check(QUESTION[:20] not in other.get(article).text, "and nobody else does")
    log = (here.folder / "nginx" / "access.log").read_text()
    check("key=" not in log and "?" not in log, "nginx's log holds no query")


def at_the_desk(here: Stage) -> None:
    desk = Browser(here.url)
    desk.sign_in("moderator")
    check(desk.get("/moderation/").status_code == 200, "a moderator reads the desk")
    began = time.monotonic()
    with desk.get("/moderation/live", stream=True) as told:
        lines = told.iter_lines()
        first = next(line for line in lines if line.startswith(b"data:"))
    waited = time.monotonic() - began
    check(b"lanes" in first and waited < 5, f"events come as they happen ({waited:.1f} s)")


def limits(here: Stage) -> None:
    codes = Counter(Browser(here.url).get("/search?q=hip").status_code for _ in range(75))
    check(codes[429] > 0, f"60 searches a minute hold over both processes: {dict(codes)}")
    believed = Browser(here.url)
    answer = believed.get("/search?q=hip", headers={"X-Forwarded-For": "192.0.2.7"})
    check(answer.status_code == 429, "an address that a client made up has no limits of its own")


def slow_clients(here: Stage) -> None:
    place = ("127.0.0.1", int(here.url.rpartition(":")[2]))
    idle = [socket.create_connection(place) for _ in range(50)]
    began = time.monotonic()
    check(Browser(here.url).get("/").status_code == 200, "beside fifty idle connections pages come")
    check(time.monotonic() - began < 2, "at once")
    for one in idle:
        one.close()


def rolling(here: Stage, site: object) -> None:
    """Restart the site's processes under load, three times; new ones take a moment to begin."""
    codes: Counter[int] = Counter()
    over = threading.Event()

    def read() -> None:
        reader = Browser(here.url)
        while not over.is_set():
            try:
                codes[reader.get("/healthz").status_code] += 1
            except requests.RequestException:
                codes[0] += 1

    readers = [threading.Thread(target=read) for _ in range(4)]
    for one in readers:
        one.start()
    for _ in range(3):
        site.send_signal(signal.SIGHUP)  # type: ignore[attr-defined]
        time.sleep(BEGINS_WITHIN)
    over.set()
    for one in readers:
        one.join()
    check(set(codes) == {200}, f"three restarts lose no request: {dict(codes)}")


def main() -> None:
    nginx = sys.argv[1] if len(sys.argv) > 1 else shutil.which("nginx") or "/usr/sbin/nginx"
    with stage() as here:
        put_before(here, nginx)
        here.fill()
        site = here.serve()
        here.work()
        here.wait_for(f"{here.url}/healthz")
        article = reading(here)
        writing(here, article)
        at_the_desk(here)
        slow_clients(here)
        rolling(here, site)
        limits(here)
    print("All of it holds.")  # noqa: T201


if __name__ == "__main__":
    assert Path(MIME).exists(), "nginx is not installed here"  # noqa: S101
    main()
