"""Pictures, encoders, geometry, indexes and channels: no Django, and no database."""
