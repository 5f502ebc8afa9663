"""The case context of an alert: the right, the licence and the seller's history."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models.person import Person
from detection.review.assessments import Assessment, assessments_of
from detection.review.models import Alert, Decision
from detection.review.verdict import Rule
from fingerprints.models import Right
from fingerprints.territories import EU, EVERYWHERE, UNION

MAX_NAMED = 6  # countries


@dataclass(frozen=True)
class SellerHistory:
    """Numbers of the seller's alerts that the user may see, this one included. An alert that an appeal
    released counts as cleared, whatever the decision.
    """

    alerts: int
    infringing: int
    cleared: int
    open: int


@dataclass(frozen=True)
class CaseContext:
    """`assessment` is that of the brand's strongest match, None once its designs are retired. `latest` is the
    latest right of the brand if none covers the match.
    """

    assessment: Assessment | None
    latest: Right | None
    history: SellerHistory
    verified: bool
    admitted: bool

    @property
    def right(self) -> Right | None:
        return self.assessment.right if self.assessment else None

    @property
    def licensed(self) -> bool:
        return bool(self.assessment and self.assessment.facts.licensed)

    @property
    def where(self) -> str:
        return in_words(self.assessment.territories) if self.assessment else ""


def in_words(countries: Collection[str]) -> str:
    if EVERYWHERE in countries:
        return _("everywhere")
    short = {UNION} | (set(countries) - EU) if set(countries) >= EU else set(countries)
    named = ", ".join(sorted(short)[:MAX_NAMED])
    return f"{named} + {len(short) - MAX_NAMED}" if len(short) > MAX_NAMED else named


def case_context_of(alert: Alert, user: Person) -> CaseContext:
    assessments = [
        assessment
        for assessment in assessments_of(alert.listing)
        if assessment.brand.pk == alert.brand_id
    ]
    assessment = assessments[0] if assessments else None
    latest = None
    if not (assessment and assessment.right):  # its state explains why none covers the match
        latest = Right.objects.filter(brand=alert.brand_id).order_by("-submitted_at").first()
    owner = alert.brand.organisation
    admitted = alert.listing.marketplace.admits.filter(pk=owner.pk).exists()
    return CaseContext(assessment, latest, history_of(alert, user), owner.is_verified, admitted)


def history_of(alert: Alert, user: Person) -> SellerHistory:
    same = Alert.objects.visible_to(user).filter(
        listing__marketplace=alert.listing.marketplace_id,
        listing__seller_id=alert.listing.seller_id,
    )
    outcome = Decision.Outcome
    cleared = [outcome.NOT_INFRINGING, outcome.LICENSED, outcome.GENUINE_GOODS]
    released = Q(rule=Rule.APPEALED.value)
    counts = same.order_by().aggregate(
        alerts=Count("pk"),
        infringing=Count("pk", filter=Q(decision__outcome=outcome.INFRINGING) & ~released),
        cleared=Count("pk", filter=Q(decision__outcome__in=cleared) | released),
        open=Count("pk", filter=Q(state=Alert.State.OPEN) & ~released),
    )
    return SellerHistory(**counts)
