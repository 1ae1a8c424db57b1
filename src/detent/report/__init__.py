"""Results as text, JSON and the formats of CI services; only `console` prints."""
