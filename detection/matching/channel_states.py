"""What matching looks for on this installation, and what it cannot see: told without loading any of it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vision.channels.calibrations import stored_calibration
from vision.channels.channel import Lane
from vision.encoders.base import EncoderSpec, EncoderUnavailable
from vision.encoders.catalogue import logo_encoder_spec, object_encoder_spec, spec_of
from vision.encoders.generation import generation_of

UNSEEN: dict[Lane, str | Promise] = {
    Lane.PICTURE: _("Nothing at all is matched."),
    Lane.OBJECT: _("Solid goods photographed from another side are not found."),
    Lane.MARK: _("One-colour marks in a scene are mostly not found."),
}
REMEDIES: dict[Lane, str] = {
    Lane.PICTURE: "ENCODER",
    Lane.OBJECT: "./run encoders",
    Lane.MARK: "LOGO_ENCODER=logo",
}


@dataclass(frozen=True)
class LaneState:
    """`encoder` is empty where the lane is off; then `unseen` and `remedy` say what that means."""

    lane: Lane
    encoder: str
    unseen: str | Promise = ""
    remedy: str = ""


def lane_states() -> list[LaneState]:
    try:
        stored = stored_calibration(spec_of(settings.ENCODER))
        specs = {
            Lane.PICTURE: spec_of(settings.ENCODER) if stored else None,
            Lane.OBJECT: known(object_encoder_spec(), stored.get("objects")),
            Lane.MARK: known(logo_encoder_spec(), stored.get("marks")),
        }
    except EncoderUnavailable:
        specs = dict.fromkeys(Lane)
    return [state_of(lane, spec) for lane, spec in specs.items()]


def known(spec: EncoderSpec | None, calibrated: dict[str, str] | None) -> EncoderSpec | None:
    """Only an encoder whose numbers the calibration knows serves."""
    if spec is None or calibrated is None:
        return None
    return spec if calibrated["generation"] == generation_of(spec) else None


def state_of(lane: Lane, spec: EncoderSpec | None) -> LaneState:
    if spec is None:
        return LaneState(lane, "", UNSEEN[lane], REMEDIES[lane])
    return LaneState(lane, f"{spec.name} {spec.version}")
