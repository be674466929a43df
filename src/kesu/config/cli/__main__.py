"""`python -m kesu.config.cli …`."""

import sys

from kesu.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
