"""What other apps listen to, which this one must not import."""

from django.dispatch import Signal

claims_changed = Signal()
"""What a brand may restrict has changed: a right, a licence, a threshold, a design, its owner.

Sent with `brand`, within the transaction of the change: what a receiver writes stands or falls with
it. A receiver only notes that stored listings are to be judged anew; one that fails ends the change.
"""
