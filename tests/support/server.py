"""The program behind a real waitress on a free port, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import create_server, wasyncore


@contextmanager
def serving(app: Flask, **manners: Any) -> Iterator[str]:
    """Serve the app; gives its address (`http://127.0.0.1:PORT`)."""
    server = create_server(app, host="127.0.0.1", port=0, **{"threads": 4, **manners})
    thread = threading.Thread(target=server.run, name="live-server")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Ends the loop from within it: from here its sockets must not be touched. They are closed
        # when it has ended, the trigger that is being pulled here among them.
        sockets: dict[int, Any] = {}

        def end() -> None:
            sockets.update(server._map)
            server._map.clear()

        server.trigger.pull_trigger(end)
        thread.join(10)
        wasyncore.close_all(sockets)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()
