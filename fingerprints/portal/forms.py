"""Forms of brands and designs. Forms check and convert; actions save."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.models.person import Person
from brandguard.kernel.portal.forms import FilesInput
from fingerprints.models import Brand, Design
from fingerprints.models.brand import BLOCK_RANGE, REVIEW_RANGE
from vision.pictures.formats import ACCEPT, LISTED, NOT_SHOWN

KIND_HINTS = {
    Design.DesignKind.PACKAGING: _("Packaging: a carton, a label, a printed surface"),
    Design.DesignKind.OBJECT: _("Object: a thing that can be seen from many sides"),
    Design.DesignKind.PHOTO: _("Photo: a picture of your own, such as a product photograph"),
    Design.DesignKind.LOGO: _("Logo: a sign or a symbol"),
}


class BrandForm(forms.Form):
    """Offers a choice of organisation only for a new brand of a member of several organisations."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    name = forms.CharField(label=_("Name of the brand"), max_length=200)
    review_threshold = forms.IntegerField(
        label=_("Hold listings from a similarity of"),
        min_value=REVIEW_RANGE[0],
        max_value=REVIEW_RANGE[1],
        initial=85,
        help_text=_(
            "70 to 100. From this similarity on, a listing is held until a person has looked at it. "
            "85 is a good start. A lower value catches more copies and holds more innocent listings; a "
            "higher value holds fewer and lets more edited pictures through."
        ),
    )
    block_threshold = forms.IntegerField(
        label=_("Treat copies as certain from a similarity of"),
        min_value=BLOCK_RANGE[0],
        max_value=BLOCK_RANGE[1],
        initial=97,
        help_text=_(
            "90 to 100, and never below the similarity above. It matters only if you switch on blocking "
            "below."
        ),
    )
    blocks_without_review = forms.BooleanField(
        label=_("Block certain copies before a person has looked at them"),
        required=False,
        help_text=_(
            "This blocks only copies of your own pictures, where a verified right covers them and the "
            "marketplace has agreed to it. Everything else waits for a reviewer."
        ),
    )

    def __init__(self, *args: Any, by: Person, brand: Brand | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.of(by)
        self.fields["organisation"].queryset = mine  # type: ignore[attr-defined]
        if brand or len(mine) == 1:
            del self.fields["organisation"]


class PicturesField(forms.FileField):
    """All files of one input. The action checks each file separately."""

    widget = FilesInput
    not_shown = " ".join(NOT_SHOWN)  # endings of types that no browser shows

    def clean(self, data: list[File[bytes]], _initial: Any = None) -> list[File[bytes]]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "accept": ACCEPT,
            "hx-preserve": "true",  # a refused form keeps the chosen files
            "data-most": settings.MAX_IMAGES,
        }


class DesignFactsForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the design"),
        max_length=200,
        help_text=_("What your team calls it, such as “Fizz bottle, 0.5 litres”."),
    )
    design_kind = forms.ChoiceField(
        label=_("Kind of design"), choices=list(KIND_HINTS.items()), widget=forms.RadioSelect
    )


class DesignForm(DesignFactsForm):
    images = PicturesField(
        label=_("Pictures"),
        help_text=format_lazy(
            _(
                "Choose or drop 1 to {most} files: {types}, up to {megabytes} MB each. "
                "Several views of the same design find more copies: front, back, sides."
            ),
            most=settings.MAX_IMAGES,
            types=LISTED,
            megabytes=settings.MAX_IMAGE_BYTES // 1_000_000,
        ),
        error_messages={"required": _("Choose at least one picture.")},
    )


class ViewsForm(forms.Form):
    images = DesignForm.base_fields["images"]
