"""Where files are analyzed: in this process or in several."""
