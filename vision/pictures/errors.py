"""Why a picture was refused, as rows store it and the API says it."""

from typing import NotRequired, TypedDict

from brandguard.kernel.errors import DomainError


class ImageError(TypedDict):
    code: str
    message: str
    remedy: str


class ViewWarning(ImageError):
    """`view` is another one to look at beside it."""

    view: NotRequired[str]


def as_error(fault: DomainError) -> ImageError:
    return {"code": fault.code, "message": fault.message, "remedy": fault.remedy}
