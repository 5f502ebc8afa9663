"""Applies every transform that sellers use to a design and matches each result as a listing picture."""

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
from detection.matching.robustness.same_side import sides_shown
from detection.matching.robustness.transforms import transformed
from fingerprints.models import DesignImage
from fingerprints.pictures.goods import registered
from fingerprints.pictures.stored import FileLost, read_stored
from vision.channels.copy.view import copy_view
from vision.pictures.decode import Decoded, UnreadableImage
from vision.pictures.picture import Picture, pixel_sha256
from vision.pictures.renditions import decode_view
from vision.pictures.resize import fit

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=180)  # longer than a task may take
MAX_SECONDS = 60.0  # of work; then the task makes room for listings and is queued again
SCENES = (7, 45, 88)  # numbers of drawn ordinary listings: a page, plain goods, a scene


def run_robustness_test(*, robustness_test: RobustnessTest, matcher: Matcher) -> bool:
    """Returns whether the test is done; if not, another task has to continue it. A view is stored
    only when it is completely tested, so the view of a killed worker is tested again.
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
        if time.monotonic() - started > MAX_SECONDS:
            robustness_test.leased_until = None
            robustness_test.save()
            return False
        robustness_test.results[str(view.pk)] = results_counted(view, robustness_test, matcher)
        robustness_test.attempts = 0
        robustness_test.leased_until = timezone.now() + LEASE
        robustness_test.save()
    described = matcher.register.views([view.pk for view in views])
    robustness_test.sides = sides_shown([copy_view(view) for view in described])
    robustness_test.done_at, robustness_test.leased_until = timezone.now(), None
    robustness_test.save()
    return True


def results_counted(
    view: DesignImage, robustness_test: RobustnessTest, matcher: Matcher
) -> dict[str, float]:
    """Counts the attempt: a view that ended several workers gets no results, and the others go on."""
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
    """Returns the similarity by transform, 0 where the design was not found. The result is empty when
    the view's file is gone or unreadable.
    """
    try:
        whole = decode_view(read_stored(view.file)).decoded
    except (FileLost, UnreadableImage):
        return {}
    picture = fit(registered(view, whole).pixels)
    scene = ordinary(SCENES[view.position % len(SCENES)]).picture
    transforms = transformed(picture, scene, str(view.pk))
    return {name: similarity(edited, view.design_id, matcher) for name, edited in transforms}


def similarity(picture: Picture, design: UUID, matcher: Matcher) -> float:
    decoded = Decoded(picture, "", pixel_sha256(picture))
    own = strongest_of(DesignImage.objects.filter(design=design), decoded, matcher)
    return round(own[0], 1) if own else 0.0
