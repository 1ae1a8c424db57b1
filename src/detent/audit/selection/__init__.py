"""Which findings count, by the settings."""
