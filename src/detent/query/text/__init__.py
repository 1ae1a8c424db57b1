"""Lines of text that hold what somebody looks for."""
