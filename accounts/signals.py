"""The signal of this room to the rooms above it, which it must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

claimant_changed = Signal()
"""Sent when an organisation is verified, and when a marketplace admits it or ends its admission.

The argument is `organisation`. It is sent within the transaction of the change, so a receiver that fails
rolls the change back.
"""
