"""`python -m trackml_tui` is the `trackml-tui` command."""

from __future__ import annotations

import sys

from trackml_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
