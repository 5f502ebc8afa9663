"""A robustness test that was asked for."""

from detection.matching.actions.robustness_test import ask_for_robustness_test
from detection.matching.models import RobustnessTest
from fingerprints.models import Design


def asked(design: Design) -> RobustnessTest:
    return ask_for_robustness_test(design=design, by=None)
