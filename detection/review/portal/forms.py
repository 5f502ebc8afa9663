"""Forms of the review pages. They check and convert; actions save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Marketplace
from detection.matching.models import MatchKind
from detection.review.models import Alert, Decision, Escalation
from detection.review.models.alert import AlertQuerySet
from detection.review.models.decision import REASONS
from fingerprints.models import Brand

KINDS = {
    MatchKind.COPY: _("Copy"),
    MatchKind.SAME_DESIGN: _("Same design"),
    MatchKind.RESEMBLANCE: _("Resemblance"),
}
OUTCOMES = {
    Decision.Outcome.INFRINGING: _("Infringing"),
    Decision.Outcome.NOT_INFRINGING: _("Not infringing"),
    Decision.Outcome.LICENSED: _("Licensed"),
    Decision.Outcome.GENUINE_GOODS: _("Genuine goods (resale)"),
    Decision.Outcome.NEEDS_MORE: _("Needs more"),
}


class RowChoice[M: Model](forms.ModelChoiceField[M]):
    def __init__(self, rows: QuerySet[M], **kwargs: Any) -> None:
        super().__init__(rows, required=False, empty_label=_("All"), **kwargs)


class AlertFilters(forms.Form):
    """Optional filters, which offer only values that some visible alert has."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("All")),
            (Alert.State.OPEN, _("Open")),
            (Alert.State.DECIDED, _("Decided")),
        ],
        required=False,
    )
    brand = RowChoice(Brand.objects.none(), label=_("Brand"))
    marketplace = RowChoice(Marketplace.objects.none(), label=_("Marketplace"))
    match_kind = forms.ChoiceField(
        label=_("Kind of match"), choices=[("", _("All")), *KINDS.items()], required=False
    )
    similarity = forms.FloatField(
        label=_("Similarity from"), min_value=0, max_value=100, required=False
    )

    seller = forms.CharField(label=_("Seller"), max_length=200, required=False)
    since = forms.DateField(
        label=_("Raised since"), required=False, widget=forms.DateInput({"type": "date"})
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("", _("Newest first")), ("risk", _("Most similar first"))],
        required=False,
    )

    LOOKUPS = {
        "similarity": "similarity__gte",
        "marketplace": "listing__marketplace",
        "seller": "listing__seller_id",
        "since": "raised_at__date__gte",
    }

    def __init__(self, data: Any, alerts: AlertQuerySet) -> None:
        super().__init__(data)
        self.alerts = alerts
        self.fields["brand"].queryset = Brand.objects.filter(pk__in=alerts.values("brand"))  # type: ignore[attr-defined]
        self.fields["marketplace"].queryset = Marketplace.objects.filter(  # type: ignore[attr-defined]
            pk__in=alerts.values("listing__marketplace")
        )

    def given(self) -> dict[str, Any]:
        """Returns the filters in use, without invalid values, which show an error."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def filtered(self) -> AlertQuerySet:
        given = self.given()
        given.pop("order", "")
        alerts = self.alerts.on_offer() if given.get("state") == Alert.State.OPEN else self.alerts
        return alerts.filter(**{self.LOOKUPS.get(name, name): v for name, v in given.items()})


ASK_FOR_LICENCE = "ask_for_licence"


class DecisionForm(forms.Form):
    """The decision on an alert. Without a licence record it offers ASK_FOR_LICENCE in place of LICENSED,
    which becomes NEEDS_MORE with the reason LICENCE_ASKED.
    """

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=list(OUTCOMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("", _("Reason")),
            *(
                (OUTCOMES[outcome], [(r.value, gettext_lazy(r.label)) for r in reasons])
                for outcome, reasons in REASONS.items()
            ),
        ],
        required=False,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 1}),
    )

    def __init__(self, data: Any = None, *, licensed: bool = False) -> None:
        super().__init__(data)
        ask = (ASK_FOR_LICENCE, _("Ask for a licence record"))
        if not licensed:
            self.fields["outcome"].choices = [  # type: ignore[attr-defined]
                ask if value == Decision.Outcome.LICENSED else (value, label)
                for value, label in OUTCOMES.items()
            ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == ASK_FOR_LICENCE:
            given["outcome"] = Decision.Outcome.NEEDS_MORE
            given["reason"] = Decision.Reason.LICENCE_ASKED
        return given

    def clean_reason(self) -> str:
        given: str = self.cleaned_data["reason"]
        outcome = self.cleaned_data.get("outcome")
        if outcome == ASK_FOR_LICENCE:
            return ""
        if outcome == Decision.Outcome.INFRINGING and not given:
            raise ValidationError(_("A block needs a reason, which the seller reads."))
        if given and outcome and given not in REASONS[Decision.Outcome(outcome)]:
            raise ValidationError(
                _("This reason belongs to another decision: choose another reason.")
            )
        return given


class ReopeningForm(forms.Form):
    reason = forms.CharField(
        label=_("What was wrong with the decision?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), max_length=2000, widget=forms.Textarea({"rows": 2}))


class EscalationForm(forms.Form):
    """The escalation, sent with the decision's form, whose outcome is the preliminary one."""

    escalation_kind = forms.ChoiceField(choices=Escalation.EscalationKind.choices)
    outcome = forms.ChoiceField(
        choices=[*Decision.Outcome.choices, (ASK_FOR_LICENCE, "")], required=False
    )
    note = forms.CharField(max_length=2000, required=False)

    def clean_outcome(self) -> str:
        given: str = self.cleaned_data["outcome"]
        return Decision.Outcome.NEEDS_MORE if given == ASK_FOR_LICENCE else given
