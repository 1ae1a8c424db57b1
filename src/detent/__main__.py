"""``python -m detent``."""

import sys

if __name__ == "__main__":
    # Python puts the current directory first, whose json.py must not be imported. By now it has
    # imported `importlib` and `detent` from there: docs/security.md.
    if not sys.flags.safe_path:
        sys.path[:] = [place for place in sys.path if place != sys.path[0]]

    from detent.cli.main import entry

    entry()
