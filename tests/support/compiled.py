"""The templates as one worker has compiled them, for all the programs that it makes."""

from __future__ import annotations

from types import CodeType

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache


class InMemory(BytecodeCache):
    """By name and text, so that a template with another text is another one, and by what makes
    other code of the same text: letters are drawn from the pages' templates in their own way."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        manner = (
            environment.trim_blocks,
            environment.lstrip_blocks,
            sorted(environment.extensions),
        )
        bucket = Bucket(
            environment, f"{name} {filename} {manner}", self.get_source_checksum(source)
        )
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = InMemory()
