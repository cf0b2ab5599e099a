"""`python -m aculab_wrappers.sandbox` is the command `aculab-wrappers sandbox`."""

import sys

# The one module of the sandbox that knows the command: it is a program, and nobody imports it.
from ..cli import main

if __name__ == "__main__":
    sys.exit(main(["sandbox", *sys.argv[1:]]))
