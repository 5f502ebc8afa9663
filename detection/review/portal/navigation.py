"""The data of the header of every page."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.models import Membership, Organisation
from accounts.models.person import Person
from detection.review.models import Alert, Reassessment

MAX_COUNTED = 99  # the header shows "99+" beyond: an exact number helps nobody and costs time


class Navigation:
    """The header's data, each read from the database only when a page shows it."""

    def __init__(self, user: Person) -> None:
        self.user = user

    @cached_property
    def memberships(self) -> list[tuple[str, UUID | None]]:
        """Returns the role and the organisation's marketplace, if any, of each membership."""
        mine = Membership.objects.of(self.user)
        return list(mine.values_list("role", "organisation__marketplace"))

    @property
    def reviews(self) -> bool:
        return any(role == Membership.Role.REVIEWER for role, _ in self.memberships)

    @property
    def claims(self) -> bool:
        """Whether the user belongs to an organisation that is no marketplace and does not review there."""
        return any(
            marketplace is None and role != Membership.Role.REVIEWER
            for role, marketplace in self.memberships
        )

    @property
    def sends_listings(self) -> bool:
        return any(marketplace for _, marketplace in self.memberships)

    @property
    def admits(self) -> bool:
        """Whether the user owns a marketplace. Staff reach the admissions from the operations page."""
        return any(
            marketplace and role == Membership.Role.OWNER for role, marketplace in self.memberships
        )

    @cached_property
    def open_alerts(self) -> str:
        """Returns the number of open alerts as text, empty for none."""
        mine = Alert.objects.visible_to(self.user).on_offer().filter(state=Alert.State.OPEN)
        number = mine.order_by()[: MAX_COUNTED + 1].count()
        return f"{MAX_COUNTED}+" if number > MAX_COUNTED else str(number or "")

    def reassessments(self) -> QuerySet[Reassessment]:
        """Returns running reassessments of the user's brands."""
        mine = Organisation.objects.of(self.user)
        return Reassessment.objects.filter(brand__organisation__in=mine)


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)  # a request can fail before authentication
    return {"navigation": Navigation(user) if user and user.is_authenticated else None}
