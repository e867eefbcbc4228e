"""Why a file was refused, in words for the person who runs the import."""

from app.infra.refusal import Refusal


class ImportRefused(Refusal):
    """The file cannot be read any further; what came before stays valid."""


class NotAnExport(ImportRefused):
    """The file is well-formed, but it is not a WordPress export that is understood here."""


class ForbiddenXml(ImportRefused):
    """The file declares a document type or entities, which no WordPress export does."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(
            f"The file declares a document type or entities (line {line}). No WordPress export "
            "does that, and such declarations can be made to exhaust a machine or to read other "
            "files, so nothing after them was read."
        )


class BrokenExport(ImportRefused):
    """The XML ends or breaks at `line` and `column` (both from 1), `byte` bytes into the file."""

    def __init__(self, reason: str, *, line: int, column: int, byte: int) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        self.byte = byte
        super().__init__(
            f"The export is broken at line {line}, column {column} (byte {byte:,}): {reason}. "
            "Everything that was complete before that point has been read."
        )
