"""The signal from matching to review, which matching must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

pictures_matched = Signal()
"""Sent when matches of a listing's pictures are stored.

Arguments are `listing`, locked by the current transaction, and `complete`, False while some of its
pictures are pending. What a receiver writes is committed or rolled back together with the matches.
"""
