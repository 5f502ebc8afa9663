class CannotStart(Exception):
    """Says in words for the person at the terminal what is in the way, and the remedy."""
