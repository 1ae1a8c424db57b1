"""``python -m detent``."""

import sys

if __name__ == "__main__":
    # Python puts the current directory first, whose json.py must not be imported.
    if not (sys.flags.isolated or sys.flags.safe_path):
        del sys.path[0]

    from detent.cli.main import entry

    entry()
