"""The encoders beside the one of pictures: of solids, and of one-colour marks."""

from dataclasses import dataclass

from vision.encoders.base import Encoder
from vision.encoders.catalogue import load, logo_encoder_spec, object_encoder_spec
from vision.encoders.generation import generation_of


@dataclass(frozen=True)
class Lanes:
    """A lane without an encoder is off: what only it could find is then not found."""

    objects: Encoder | None = None
    marks: Encoder | None = None

    @property
    def objects_generation(self) -> str:
        return generation_of(self.objects.spec) if self.objects else ""

    @property
    def marks_generation(self) -> str:
        return generation_of(self.marks.spec) if self.marks else ""


NO_LANES = Lanes()


def load_lanes() -> Lanes:
    """As the settings say. Raises EncoderUnavailable."""
    objects, marks = object_encoder_spec(), logo_encoder_spec()
    return Lanes(load(objects) if objects else None, load(marks) if marks else None)
