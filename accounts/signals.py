"""What this room says to those above it, which it must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

claimant_changed = Signal()
"""An organisation was verified, or a marketplace began or ceased to admit it.

Sent with `organisation`, within the transaction of the change: a receiver that fails ends the change.
"""
