"""What share of a build goes to its stage audit: python benchmarks/stage_audit.py REPO."""

import gc
import os
import sys
import tempfile
import time

from detent import git
from detent.index.handle import Index
from detent.index.refresh import refresh_view
from detent.index.stages import build, ledger
from detent.index.views import View

spent = [0.0]
depth = [0]


def timed(function):
    """Count what a function takes, without what the session that it wraps takes in it."""

    def call(*arguments, **named):
        outside = depth[0] == 0
        depth[0] += 1
        start = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            depth[0] -= 1
            if outside or function in UNCOUNTED:
                spent[0] += (time.process_time() - start) * (-1 if function in UNCOUNTED else 1)

    return call


UNCOUNTED = []
for name in ("add_analyzed", "add_written"):
    setattr(ledger.Ledger, name, timed(getattr(ledger.Ledger, name)))
for name in ("__init__", "attach_session", "persist", "publish", "finish_audit"):
    setattr(build.BuildAudit, name, timed(getattr(build.BuildAudit, name)))


class Uncounted:
    """A session whose own work is not the audit's."""

    def __init__(self, session):
        self.session = session
        UNCOUNTED.extend([session.persist, session.publish])
        self.persist, self.publish = map(timed, UNCOUNTED[-2:])


begin = build.BuildAudit.attach_session
build.BuildAudit.attach_session = lambda self, session: begin(self, Uncounted(session))

gc.disable()
for _ in range(3):
    with tempfile.TemporaryDirectory() as place:
        index = Index(f"{place}/x.sqlite")
        spent[0], start = 0.0, time.process_time()
        done = refresh_view(index, View(git.discover_repo(sys.argv[1], os.environ), "HEAD"), jobs=1)
        whole = time.process_time() - start
        index.close()
        print(
            f"{done.analyzed} blobs: {whole:.3f} s of CPU, audit {spent[0] * 1e3:.1f} ms,"
            f" {spent[0] / whole:.2%}"
        )
