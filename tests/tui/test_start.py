from __future__ import annotations

import subprocess
import sys


def test_the_first_frame_waits_for_no_exports_images_or_frames() -> None:
    program = (
        "import sys, trackml_tui.app, trackml_tui.panes.charts\n"
        "late = {'PIL', 'pandas', 'pyarrow', 'trackml_tui.exports.formats', 'trackml_tui.panes.images'}\n"
        "print(*late & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.split() == []
