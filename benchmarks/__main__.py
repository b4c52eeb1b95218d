"""Runs every benchmark of this folder, one after the other: `python -m benchmarks`."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    failed = 0
    for script in sorted(FOLDER.glob("[a-z]*.py")):
        print(f"\n# {script.stem}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"benchmarks.{script.stem}"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
