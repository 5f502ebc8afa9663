class CannotStart(Exception):
    """Tells the person at the terminal what prevents the start, and the remedy."""
