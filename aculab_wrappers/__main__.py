"""`python -m aculab_wrappers` is the command `aculab-wrappers`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
