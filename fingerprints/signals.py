"""Signals of this room to the rooms above it, which it must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

enforcement_changed = Signal()
"""Sent when a brand's power to restrict changes: by a right, licence, threshold, design or its owner.

The argument is `brand`. It is sent within the transaction of the change, so a receiver that fails rolls
the change back. A receiver only notes that stored listings have to be reassessed.
"""

view_described = Signal()
"""Sent when a view is about to be enrolled. Arguments are `image`, its `picture`, `descriptions` by
channel, and the `encoder` of listing pictures.

A receiver returns an ImageError to refuse the view, or None. The web process connects receivers too, so a
receiver imports heavy modules only when it is called.
"""
