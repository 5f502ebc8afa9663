"""Which of the three ways of looking a match was found by."""

from enum import StrEnum


class Lane(StrEnum):
    PICTURE = "picture"
    OBJECT = "object"
    MARK = "mark"
