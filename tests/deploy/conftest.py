"""The set-up's modules are scripts beside each other, not a package; tests import them as the scripts do."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy"))
