"""The end of a program whose scheduler computes: a thread that is torn out of torch aborts the process."""

import subprocess
import sys

PROGRAM = """
import threading
from actviz_core import Run, Scheduler, optimize
from tests.core.tiny import tiny_model
from tests.core.tiny_runs import spec

run = Scheduler().start(Run(optimize(tiny_model(), spec(iterations=100_000, height=256, width=256)), 100_000))
assert run.wait(lambda run: run.iteration > 2, 60)
print("computes", flush=True)
"""


def test_a_program_ends_quietly_while_a_run_goes_on():
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "computes\n", "")
