"""Several processes of the site behind nginx: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`.

WEB_PROCESSES (2) and WEB_THREADS (8) say how many; HOST and PORT where nginx finds them. gthread
must not be reached but through nginx, which waits for slow clients in its stead.
"""

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
COUNTED = "PROMETHEUS_MULTIPROC_DIR"

chdir = str(PROJECT)
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  (never the disk)
timeout = 30
graceful_timeout = 30
keepalive = 75  # longer than nginx keeps its own connections open
limit_request_fields = 64
forwarded_allow_ips = ""  # the site itself believes what TRUSTED_PROXIES says, and nobody else does
control_socket_disable = True
accesslog = None  # the site writes a line for each request itself


def on_starting(_server):  # type: ignore[no-untyped-def]
    """Refuse in one line what would not serve rightly, before any process is started."""
    from app import config  # noqa: PLC0415  (the path to it is set above)

    try:
        settings = config.read(os.environ)
        settings.refuse_unsafe()
    except config.BadSettings as wrong:
        sys.exit(f"Threshold does not start: {wrong}")
    if workers > 1 and settings.rate_limits and not settings.redis_url:
        sys.exit(
            "Threshold does not start: with several processes REDIS_URL must be set, or each would "
            "count its own limits. WEB_PROCESSES=1 does without."
        )
    fits = [sys.executable, "-m", "flask", "--app", "wsgi", "fits"]
    if subprocess.run(fits, cwd=PROJECT, check=False).returncode:  # noqa: S603  (our own program)
        sys.exit(1)  # it has said why
    if folder := os.environ.get(COUNTED):
        shutil.rmtree(folder, ignore_errors=True)  # what processes of an earlier start counted
        Path(folder).mkdir(parents=True)


def post_worker_init(_worker):  # type: ignore[no-untyped-def]
    """What the program is made of stays, so the collector need not look through it again; and its
    threads, which are not there yet, share one heap."""
    from app.cli.serving import SWITCH_SECONDS  # noqa: PLC0415  (the path to it is set above)
    from app.infra import heap  # noqa: PLC0415  (the same)

    heap.hold_together()
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


def child_exit(_server, worker):  # type: ignore[no-untyped-def]
    """A process that has ended uses no memory any more."""
    if COUNTED in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

        mark_process_dead(worker.pid)
