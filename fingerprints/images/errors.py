"""Why a picture was refused, as rows store it and the API says it."""

from typing import TypedDict

from brandguard.faults import Fault


class ImageError(TypedDict):
    code: str
    message: str
    remedy: str


def as_error(fault: Fault) -> ImageError:
    return {"code": fault.code, "message": fault.message, "remedy": fault.remedy}
