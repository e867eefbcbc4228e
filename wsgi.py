"""The program for a WSGI server and for `flask --app wsgi`."""

# ruff: noqa: E402  (the collector rests before anything is imported)
import gc
import os
import sys

gc.disable()  # looking again and again through what is only being put together took a fifth of it

from app import create_app
from app.config import BadSettings
from app.infra import logs

# Commands such as `db upgrade` or `import` answer no request and need no secret; `run` does.
_commanding = os.environ.get("FLASK_RUN_FROM_CLI") == "true" and "run" not in sys.argv[1:]

try:
    app = create_app(serving=not _commanding)
except BadSettings as wrong:
    sys.exit(f"Threshold does not start: {wrong}")

if not _commanding:  # commands that log say so themselves
    logs.speak(app.extensions["settings"])

gc.freeze()  # all of this stays, and is passed over from here on
# A request makes some thousands of things and lets go of nearly all by itself. Looked through after
# 700, as Python does, they are looked through many times while they are in use: 5 % of a post.
gc.set_threshold(10_000, 20, 20)
gc.enable()
