"""The keeper process: ``python -P shop/embedded NAME VAR_DIR`` keeps one server while it has users."""

import sys
from pathlib import Path

# Found as "embedded", not as "shop.embedded": importing the shop would load Celery and Django into each keeper.
# Last on the path, so that no module of the shop hides one of the standard library.
sys.path.append(str(Path(__file__).parent.parent))

from embedded import Postgres, Redis
from embedded.keeper import keep

if __name__ == "__main__":
    name, var_dir = sys.argv[1:]
    sys.exit(keep({"postgres": Postgres, "redis": Redis}[name](Path(var_dir))))
