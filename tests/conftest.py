"""What all tests share: more threads than cores, as some have, must not spin while they wait.

OpenMP looks for this when it is loaded.
"""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
