"""Pictures, encoders, geometry, indexes and channels. Nothing here imports Django or reads a database."""
