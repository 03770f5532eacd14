"""What all tests share: specs under tests/ are data, not tests of `netwright.testing.plugin`."""

import os
import sys
from importlib.util import find_spec

import pytest

collect_ignore_glob = ["*.net"]
pytest_plugins = ["pytester", "console"]

# Triton and TensorFlow each bring an LLVM of their own, and the second to be loaded ends the
# process. Nothing here compiles for a GPU: PyTorch does without Triton.
modules: dict[str, object] = vars(sys)["modules"]
modules.setdefault("triton", None)

# One backend whichever file is imported first.
os.environ.setdefault("KERAS_BACKEND", "tensorflow" if find_spec("tensorflow") else "torch")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` for the golden files."""
    parser.addoption("--accept", action="store_true", help="let golden files be what is emitted")
