"""Forms of rights and licences."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.documents import MAX_BYTES, receive
from accounts.marketplaces import marketplaces
from accounts.models import Organisation
from brandguard.kernel.errors import DomainError
from brandguard.kernel.portal.forms import add_domain_error
from fingerprints.actions.rights import covered, registrar, unusable
from fingerprints.models import Brand, Design, Right
from fingerprints.places import Place, places
from vision.pictures.formats import ACCEPT, LISTED

KINDS = {
    Right.RightKind.TRADE_MARK: _("Trade mark: a registered name, sign or label"),
    Right.RightKind.DESIGN_RIGHT: _("Design right: the registered appearance of a product"),
    Right.RightKind.COPYRIGHT: _("Copyright: pictures or artwork of your own"),
}


class Day(forms.DateInput):
    """The browser's own calendar, whose format is 2026-12-31."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@dataclass(frozen=True)
class Box:
    """A checkbox of a territory. Django's own would render a template for each of 253."""

    place: Place
    id: str
    is_chosen: bool


class PlacesField(forms.MultipleChoiceField):
    """Accepts any code; `covered` refuses unknown ones and suggests what is meant."""

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class RightForm(forms.Form):
    right_kind = forms.ChoiceField(
        label=_("Kind of right"), choices=list(KINDS.items()), widget=forms.RadioSelect
    )
    office = forms.CharField(
        label=_("Office"),
        max_length=100,
        required=False,
        help_text=_(
            "The office that registered it, such as EUIPO, DPMA or WIPO. Copyright may have none."
        ),
    )
    number = forms.CharField(
        label=_("Number"),
        max_length=100,
        required=False,
        help_text=_("The number in that office's register. Copyright may have none."),
    )
    territories = PlacesField(
        label=_("Territories"),
        help_text=_("Listings that are on offer only elsewhere are left alone."),
    )
    valid_from = forms.DateField(label=_("From"), widget=Day())
    valid_until = forms.DateField(
        label=_("Until"),
        widget=Day(),
        required=False,
        help_text=_("The last day on which it is in force. Leave it empty if it has no end."),
    )
    designs = forms.ModelMultipleChoiceField(
        Design.objects.none(),
        label=_("Limited to"),
        required=False,
        help_text=_("Choose designs, or none for all designs of the brand, including future ones."),
    )
    document = forms.FileField(
        label=_("Document"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": f".pdf,{ACCEPT}", "hx-preserve": "true"}),
        help_text=format_lazy(
            _(
                "The certificate, or evidence that the work is yours: a PDF or a picture ({types}), up to "
                "{megabytes} MB. Only your organisation and the operator see it."
            ),
            types=LISTED,
            megabytes=MAX_BYTES // 1_000_000,
        ),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand
        self.fields["designs"].queryset = designs_of(brand)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Reports all errors at once; the action would raise only the first."""
        given = self.cleaned_data
        kind = given.get("right_kind", "")
        right = Right(
            brand=self.brand,
            right_kind=kind,
            office=given.get("office", "").strip(),
            number=given.get("number", "").strip(),
            valid_from=cast("date", given.get("valid_from")),
            valid_until=given.get("valid_until"),
        )
        if kind:
            for error in unusable(right, list(given.get("designs", []))):
                add_domain_error(self, error)
            self.ask(registrar, given.get("office", ""), kind)
        if "territories" in given:
            self.ask(covered, given["territories"], kind)
        if document := given.get("document"):
            self.ask(receive, document)
            document.seek(0)
        return given

    def ask(self, check: Callable[..., object], *about: object) -> None:
        try:
            check(*about)
        except DomainError as error:
            add_domain_error(self, error)

    def boxes(self) -> list[Box]:
        field = self["territories"]
        chosen = set(field.value() or [])
        return [
            Box(place, f"{field.auto_id}_{number}", place.code in chosen)
            for number, place in enumerate(places())
        ]


class LicenceForm(forms.Form):
    marketplace = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Marketplace"), empty_label=None
    )
    seller_id = forms.CharField(
        label=_("Seller"),
        max_length=200,
        help_text=_("The marketplace's own id of the seller, as its listings show it."),
    )
    design = forms.ModelChoiceField(
        Design.objects.none(),
        label=_("Design"),
        required=False,
        empty_label=_("All designs of the brand"),
    )
    valid_from = forms.DateField(
        label=_("From"),
        widget=Day(),
        required=False,
        help_text=_("Leave it empty to start today."),
    )
    valid_until = forms.DateField(
        label=_("Until"),
        widget=Day(),
        required=False,
        help_text=_("The last day. Leave it empty if the licence has no end."),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["marketplace"].queryset = marketplaces()  # type: ignore[attr-defined]
        self.fields["design"].queryset = designs_of(brand)  # type: ignore[attr-defined]


def designs_of(brand: Brand) -> Any:
    return Design.objects.active().filter(brand=brand).order_by("name")
