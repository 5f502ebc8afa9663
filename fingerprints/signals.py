"""What this room says to those above it, which it must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

enforcement_changed = Signal()
"""What a brand may restrict has changed: a right, a licence, a threshold, a design, its owner.

Sent with `brand`, within the transaction of the change: a receiver that fails ends the change. A
receiver only notes that stored listings are to be assessed again.
"""

view_described = Signal()
"""A view is about to be enrolled: `image`, its `picture`, what each channel made of it (`descriptions`, by
channel), and the `encoder` of listings' pictures.

A receiver answers with the ImageError for which the view is refused, or with None. The web process
connects receivers too, so a receiver imports what is heavy only when it is called.
"""
