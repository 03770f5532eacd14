"""Netwright: a text that describes a neural network, compiled to PyTorch, Keras and a picture.

>>> import netwright
>>> net = netwright.load("resnet.net")["ResNet50"]
>>> net.params
25557032
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netwright.api import Net, Nets, load, loads, picture
    from netwright.diagnostics import Diagnostic, SpecError

__all__ = ["Diagnostic", "Net", "Nets", "SpecError", "load", "loads", "picture"]

_HOMES = {"Diagnostic": "diagnostics", "SpecError": "diagnostics"}


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first asked for: a check needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module 'netwright' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"netwright.{_HOMES.get(name, 'api')}"), name)
