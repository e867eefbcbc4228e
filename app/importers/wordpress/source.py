"""The bytes of an export on their way to the parser: counted, and mended where that is safe."""

from typing import BinaryIO

_CONTROL = bytes(code for code in range(1, 32) if code not in (9, 10, 13))
_TO_SPACES = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINES_KEPT = 20


class CountingSource:
    """A binary file that counts what was read from it.

    Control characters that XML forbids (readers paste them into comments, and WordPress exports
    them as they are) would make the whole rest of the file unreadable. Each is replaced by a
    space, so that byte offsets stay true, and its line is kept for the report: `mended` is how
    many there were, `mended_lines` where the first of them stood. NUL is not mended: it is what a
    damaged disk leaves, and everything after it is in doubt.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._chunk = b""
        self._lines = 0
        self._is_mendable = True
        self.bytes_read = 0
        self.mended = 0
        self.mended_lines: list[int] = []

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, as `io.RawIOBase.read`; empty at the end."""
        chunk = self._file.read(size)
        if self.bytes_read == 0:
            self._is_mendable = not chunk.startswith(_UTF_16)
        if self._is_mendable:
            chunk = self._mend(chunk)
        self._chunk = chunk
        self._lines += chunk.count(b"\n")
        self.bytes_read += len(chunk)
        return chunk

    def byte_at(self, offset: int) -> int | None:
        """The byte at an offset in the file, if it is in what was read last."""
        within = offset - (self.bytes_read - len(self._chunk))
        return self._chunk[within] if 0 <= within < len(self._chunk) else None

    def _mend(self, chunk: bytes) -> bytes:
        found = len(chunk) - len(chunk.translate(None, _CONTROL))
        if not found:
            return chunk
        self.mended += found
        for number, line in enumerate(chunk.split(b"\n"), start=self._lines + 1):
            if len(self.mended_lines) >= _LINES_KEPT:
                break
            if len(line) != len(line.translate(None, _CONTROL)):
                self._keep(number)
        return chunk.translate(_TO_SPACES)

    def _keep(self, line: int) -> None:
        if line not in self.mended_lines:
            self.mended_lines.append(line)
