"""The text of views: what the text database knows of it, and what is read from git."""
