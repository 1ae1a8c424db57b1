"""Plain data and helpers that every package may import."""
