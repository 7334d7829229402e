"""What all tests share.

More threads than cores, as some have, must not spin while they wait: OpenMP looks for this when it is loaded. And what
the core's signatures say of shapes is checked at every call, which must be seen to before anything imports the core.
"""

import os

from tests import shapes

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
shapes.install("actviz_core")
