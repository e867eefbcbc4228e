"""What is no mail that could be read."""

from enum import StrEnum


class Fault(StrEnum):
    """`maze`: to take it apart would cost more than any honest mail does."""

    EMPTY = "empty"
    LARGE = "large"
    HEADERLESS = "headerless"
    MAZE = "maze"


class Unreadable(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault
