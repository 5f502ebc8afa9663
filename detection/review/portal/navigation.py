"""What every page's header shows."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from accounts.models import Membership, Organisation
from accounts.models.person import Person
from detection.review.models import Alert, Reassessment

MAX_COUNTED = 99  # beyond, the header says "99+": counting more costs and tells nobody anything


class Navigation:
    """Asked of the database only by a page that shows it."""

    def __init__(self, user: Person) -> None:
        self.user = user

    @cached_property
    def memberships(self) -> list[tuple[str, UUID | None]]:
        """Role, and the marketplace that the organisation is, if any."""
        mine = Membership.objects.of(self.user)
        return list(mine.values_list("role", "organisation__marketplace"))

    @property
    def reviews(self) -> bool:
        return any(role == Membership.Role.REVIEWER for role, _ in self.memberships)

    @property
    def claims(self) -> bool:
        """As a member of an organisation that neither is a marketplace nor reviews."""
        return any(
            marketplace is None and role != Membership.Role.REVIEWER
            for role, marketplace in self.memberships
        )

    @property
    def sends_listings(self) -> bool:
        return any(marketplace for _, marketplace in self.memberships)

    @property
    def admits(self) -> bool:
        """As an owner of a marketplace. The operator's staff goes there from the desk."""
        return any(
            marketplace and role == Membership.Role.OWNER for role, marketplace in self.memberships
        )

    @cached_property
    def open_alerts(self) -> str:
        """Empty for none."""
        mine = Alert.objects.visible_to(self.user).on_offer().filter(state=Alert.State.OPEN)
        number = mine.order_by()[: MAX_COUNTED + 1].count()
        return f"{MAX_COUNTED}+" if number > MAX_COUNTED else str(number or "")

    def reassessments(self) -> QuerySet[Reassessment]:
        """Of the user's brands: what is being worked out again."""
        mine = Organisation.objects.of(self.user)
        return Reassessment.objects.filter(brand__organisation__in=mine)


def navigation(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)  # a request can fail before anybody knows whose it is
    return {"navigation": Navigation(user) if user and user.is_authenticated else None}
