"""A design is attacked with everything that sellers do, and each attack matched as a listing is."""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import is_transient
from detection.matching.actions.robustness_test import MOST_VIEWS, views_of
from detection.matching.distinctiveness.drawings import ordinary
from detection.matching.matcher import Matcher
from detection.matching.models import RobustnessTest
from detection.matching.one_picture import strongest_of
from detection.matching.robustness.transforms import attacks
from fingerprints.models import DesignImage
from fingerprints.pictures.stored import FileLost, read_stored
from vision.pictures.decode import Decoded, Picture, UnreadableImage, pixel_sha256
from vision.pictures.renditions import decode_view
from vision.pictures.resize import fit

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=180)  # longer than a task may take
FOR = 60.0  # seconds of work, after which the task makes room for listings and is queued again
SCENES = (7, 45, 88)  # of the drawn ordinary listings: a page, plain goods, a scene


def run_robustness_test(*, coverage: RobustnessTest, matcher: Matcher) -> bool:
    """Whether it is done; where not, there is more to do for another task. A view is attacked whole,
    and a killed worker's is attacked again.
    """
    matcher.catalogue.catch_up()  # it may take longer than the lease
    if not coverage.begin(timezone.now(), LEASE):
        return True
    started = time.monotonic()
    coverage.refresh_from_db()
    if coverage.matching_version != matcher.version:
        coverage.attacks, coverage.attempts = {}, 0
        coverage.calibration = matcher.calibration.name
        coverage.matching_version = matcher.version
    views = list(views_of(coverage.design)[:MOST_VIEWS])
    for view in views:
        if str(view.pk) in coverage.attacks:
            continue
        if time.monotonic() - started > FOR:
            coverage.leased_until = None
            coverage.save()
            return False
        coverage.attacks[str(view.pk)] = attacked_once(view, coverage, matcher)
        coverage.attempts = 0
        coverage.leased_until = timezone.now() + LEASE
        coverage.save()
    coverage.done_at, coverage.leased_until = timezone.now(), None
    coverage.save()
    return True


def attacked_once(
    view: DesignImage, coverage: RobustnessTest, matcher: Matcher
) -> dict[str, float]:
    """Counts the attempt: a view on which several workers ended has no attacks, and the others go on."""
    if coverage.attempts >= MAX_ATTEMPTS:
        logger.error("View %s could not be attacked in several attempts.", view.pk)
        return {}
    coverage.attempts += 1
    coverage.save()
    try:
        return attacked(view, matcher)
    except Exception as error:
        if is_transient(error):
            coverage.attempts, coverage.leased_until = coverage.attempts - 1, None
            coverage.save()
        raise


def attacked(view: DesignImage, matcher: Matcher) -> dict[str, float]:
    """Similarity by attack, 0 where the design was not found. A view whose file is gone or cannot be
    read any more has none.
    """
    try:
        picture = fit(decode_view(read_stored(view.file)).decoded.pixels)
    except (FileLost, UnreadableImage):
        return {}
    scene = ordinary(SCENES[view.position % len(SCENES)]).picture
    found = attacks(picture, scene, str(view.pk))
    return {name: similarity(made, view.design_id, matcher) for name, made in found}


def similarity(picture: Picture, design: UUID, matcher: Matcher) -> float:
    decoded = Decoded(picture, "", pixel_sha256(picture))
    own = strongest_of(DesignImage.objects.filter(design=design), decoded, matcher)
    return round(own[0], 1) if own else 0.0
