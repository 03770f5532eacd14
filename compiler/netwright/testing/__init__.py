"""Property tests for nets: random specs, other arguments, and what must hold of their code.

>>> from hypothesis import given
>>> from netwright.testing import assert_params, nets
>>> @given(nets())
... def test_counts(net):
...     assert_params(net)

The extra ``[test]`` brings Hypothesis and the frameworks; none is imported before it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netwright.testing.functions import assert_params, assert_same_function, assert_shapes
    from netwright.testing.strategies import nets, specs, vary

__all__ = ["assert_params", "assert_same_function", "assert_shapes", "nets", "specs", "vary"]

_STRATEGIES = ("nets", "specs", "vary")


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'netwright.testing' has no attribute '{name}'")
    from importlib import import_module

    home = "strategies" if name in _STRATEGIES else "functions"
    return getattr(import_module(f"netwright.testing.{home}"), name)
