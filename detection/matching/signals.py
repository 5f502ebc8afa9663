"""What matching says to review, which it must not import.

Receivers are connected in `brandguard/wiring.py`, and nowhere else.
"""

from django.dispatch import Signal

pictures_matched = Signal()
"""Matches of a listing's pictures are stored.

Sent with `listing`, held by the transaction it is sent in, and with `complete`: False while further
pictures of it wait. What a receiver writes stands or falls with the matches.
"""
