"""Every transform that sellers use is applied to a design, and each result is matched as a listing is."""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from brandguard.kernel.lease import MAX_ATTEMPTS
from brandguard.kernel.transient import is_transient
from detection.matching.actions.robustness_test import MAX_VIEWS, views_of
from detection.matching.distinctiveness.drawings import ordinary
from detection.matching.matcher import Matcher
from detection.matching.models import RobustnessTest
from detection.matching.one_picture import strongest_of
from detection.matching.robustness.transforms import transformed
from fingerprints.models import DesignImage
from fingerprints.pictures.stored import FileLost, read_stored
from vision.pictures.decode import Decoded, Picture, UnreadableImage, pixel_sha256
from vision.pictures.renditions import decode_view
from vision.pictures.resize import fit

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=180)  # longer than a task may take
FOR = 60.0  # seconds of work, after which the task makes room for listings and is queued again
SCENES = (7, 45, 88)  # of the drawn ordinary listings: a page, plain goods, a scene


def run_robustness_test(*, robustness_test: RobustnessTest, matcher: Matcher) -> bool:
    """Whether it is done; where not, there is more to do for another task. A view is tested whole,
    and a killed worker's is tested again.
    """
    matcher.register.catch_up()  # it may take longer than the lease
    if not robustness_test.begin(timezone.now(), LEASE):
        return True
    started = time.monotonic()
    robustness_test.refresh_from_db()
    if robustness_test.matching_version != matcher.version:
        robustness_test.results, robustness_test.attempts = {}, 0
        robustness_test.calibration = matcher.calibration.name
        robustness_test.matching_version = matcher.version
    views = list(views_of(robustness_test.design)[:MAX_VIEWS])
    for view in views:
        if str(view.pk) in robustness_test.results:
            continue
        if time.monotonic() - started > FOR:
            robustness_test.leased_until = None
            robustness_test.save()
            return False
        robustness_test.results[str(view.pk)] = results_counted(view, robustness_test, matcher)
        robustness_test.attempts = 0
        robustness_test.leased_until = timezone.now() + LEASE
        robustness_test.save()
    robustness_test.done_at, robustness_test.leased_until = timezone.now(), None
    robustness_test.save()
    return True


def results_counted(
    view: DesignImage, robustness_test: RobustnessTest, matcher: Matcher
) -> dict[str, float]:
    """Counts the attempt: a view on which several workers ended has no results, and the others go on."""
    if robustness_test.attempts >= MAX_ATTEMPTS:
        logger.error("View %s could not be tested in several attempts.", view.pk)
        return {}
    robustness_test.attempts += 1
    robustness_test.save()
    try:
        return results_of(view, matcher)
    except Exception as error:
        if is_transient(error):
            robustness_test.attempts, robustness_test.leased_until = (
                robustness_test.attempts - 1,
                None,
            )
            robustness_test.save()
        raise


def results_of(view: DesignImage, matcher: Matcher) -> dict[str, float]:
    """Similarity by transform, 0 where the design was not found. A view whose file is gone or cannot be
    read any more has none.
    """
    try:
        picture = fit(decode_view(read_stored(view.file)).decoded.pixels)
    except (FileLost, UnreadableImage):
        return {}
    scene = ordinary(SCENES[view.position % len(SCENES)]).picture
    found = transformed(picture, scene, str(view.pk))
    return {name: similarity(made, view.design_id, matcher) for name, made in found}


def similarity(picture: Picture, design: UUID, matcher: Matcher) -> float:
    decoded = Decoded(picture, "", pixel_sha256(picture))
    own = strongest_of(DesignImage.objects.filter(design=design), decoded, matcher)
    return round(own[0], 1) if own else 0.0
