"""A faulty stretch of network: a TCP proxy that delays, swallows, cuts and loses answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HELD_SECONDS = 0.02


class Proxy:
    """Set while it runs: `latency` seconds are added to each answer; `swallows` lets nothing pass
    in either direction (nor is anything refused); `loses` are bytes: who sends them has them
    delivered, and is cut off in place of the answer; `is_cut` ends every connection at once.
    `lost` counts answers that were lost."""

    def __init__(self, host: str, port: int, socket: Path | None = None) -> None:
        self._upstream = host, port
        self._socket = socket
        self.latency = 0.0
        self.swallows = False
        self.loses = b""
        self.is_cut = False
        self.lost = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the proxy did not start")

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def heal(self) -> None:
        self.latency, self.swallows, self.loses, self.is_cut = 0.0, False, b"", False

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _accept(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        writers = [back]
        try:
            await self._pass()
            if self.is_cut:
                return
            if self._socket:
                far, forth = await asyncio.open_unix_connection(self._socket)
            else:
                far, forth = await asyncio.open_connection(*self._upstream)
            writers.append(forth)
            line = _Line()
            ways = [self._pump(near, forth, line, 0), self._pump(far, back, line, 1)]
            tasks = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        except OSError:
            return  # the other side is away: so is this one
        finally:
            for writer in writers:
                writer.close()

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, line: _Line, answers: int
    ) -> None:
        with suppress(OSError):
            while data := await self._read(source):
                await self._pass()
                if answers and self.latency:
                    await asyncio.sleep(self.latency)
                if answers and line.is_doomed:
                    self.lost += 1
                    return
                if not answers and self.loses and self.loses in data:
                    line.is_doomed = True
                sink.write(data)
                await sink.drain()

    async def _read(self, source: asyncio.StreamReader) -> bytes:
        """What comes next; nothing once everything is cut."""
        while not self.is_cut:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    return await source.read(65536)
        return b""

    async def _pass(self) -> None:
        while self.swallows and not self.is_cut:
            await asyncio.sleep(HELD_SECONDS)


class _Line:
    """One connection; `is_doomed` once its next answer will be lost."""

    is_doomed = False


@contextmanager
def between(host: str, port: int, *, socket: Path | None = None) -> Iterator[Proxy]:
    """A proxy to this address (or to a socket in the file system) that works well at first."""
    proxy = Proxy(host, port, socket)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.is_cut = True
        proxy.stop()
