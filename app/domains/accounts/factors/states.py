"""What the owner of an account is told about its second step."""

from enum import StrEnum


class News(StrEnum):
    APP_ON = "app on"
    APP_OFF = "app off"
    CODE_USED = "code used"
    CODES_MADE = "codes made"
    CODES_GUESSED = "codes guessed"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    PASSKEY_COPIED = "passkey copied"
    RESET = "reset"


class Ceremony(StrEnum):
    """What a browser is asked to sign for."""

    REGISTER = "register"
    ENTER = "enter"
    SECOND_STEP = "second step"
    AGAIN = "again"
