"""``python -m detent``."""

from detent.main import entry

if __name__ == "__main__":
    entry()
