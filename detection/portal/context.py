"""What every page's header shows."""

from django.http import HttpRequest
from django.utils.functional import cached_property

from detection.models import Alert
from fingerprints.models import Membership
from fingerprints.models.person import Person

MOST_COUNTED = 99  # beyond, the header says "99+": counting more costs and tells nobody anything


class Navigation:
    """Asked of the database only by a page that shows it."""

    def __init__(self, user: Person) -> None:
        self.user = user

    @cached_property
    def reviews(self) -> bool:
        return Membership.objects.of(self.user).filter(role=Membership.Role.REVIEWER).exists()

    @cached_property
    def open_alerts(self) -> str:
        """Empty for none."""
        mine = Alert.objects.visible_to(self.user).filter(state=Alert.State.OPEN)
        number = mine.order_by()[: MOST_COUNTED + 1].count()
        return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)  # a request can fail before anybody knows whose it is
    return {"navigation": Navigation(user) if user and user.is_authenticated else None}
