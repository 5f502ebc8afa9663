"""The reason why a picture was refused, as rows store it and the API returns it."""

from typing import NotRequired, TypedDict

from brandguard.kernel.errors import DomainError


class ImageError(TypedDict):
    code: str
    message: str
    remedy: str


class ViewWarning(ImageError):
    """`view` is another view to compare with."""

    view: NotRequired[str]


def as_error(error: DomainError) -> ImageError:
    return {"code": error.code, "message": error.message, "remedy": error.remedy}
