from tests.threads import own_connections

__all__ = ["own_connections"]
