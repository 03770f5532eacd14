"""Hypothesis strategies: random nets, and a net of one's own with other arguments."""

from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from netwright.api import Net, loads
from netwright.diagnostics import SpecError
from netwright.kinds import type_of
from netwright.syntax import Param
from netwright.testing.drafts import spec
from netwright.testing.pen import Drawn

TRIES = 5


class DrawnNet(Net):
    """A net that Hypothesis shows as it was drawn: by its text, or by its arguments."""

    def __init__(self, net: Net, shown: str) -> None:
        self.__dict__.update(net.__dict__)
        self.shown = shown

    def __repr__(self) -> str:
        return self.shown


def specs() -> SearchStrategy[str]:
    """Texts of random specs that check, with every layer and construct of the language."""
    return _specs()


@st.composite
def _specs(draw: DrawFn) -> str:
    return spec(Drawn(draw))


def nets() -> SearchStrategy[Net]:
    """Random nets, shrunk to small readable specs; the failing one is shown as its text."""
    return specs().map(_last)


def _last(text: str) -> Net:
    found = loads(text)
    return DrawnNet(found[list(found)[-1]], f"loads('''\n{text}''')")


def vary(net: Net, **arguments: SearchStrategy[Any]) -> SearchStrategy[Net]:
    """The net with other arguments, near its own, that its spec allows.

    ``arguments`` are strategies for some parameters; what is drawn for the others comes from their
    types. A block, a norm, an activation and a text stay as they are unless given.
    """
    return _varied(net, arguments)


@st.composite
def _varied(draw: DrawFn, net: Net, arguments: dict[str, SearchStrategy[Any]]) -> Net:
    values = dict(net.instance.args)
    for _ in range(TRIES):
        chosen: dict[str, Any] = {}
        for param in net.instance.definition.params:
            name = param.name.name
            strategy = arguments[name] if name in arguments else _other(param, values[name])
            if strategy is not None and (name in arguments or draw(st.booleans())):
                chosen[name] = draw(strategy)
        try:
            made = net(**chosen)
        except SpecError:
            continue
        said = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
        return DrawnNet(made, f"{net.name}({said})")
    reject()


def _other(param: Param, value: Any) -> SearchStrategy[Any] | None:
    """Values of the same type, the net's own first."""
    match type_of(param):
        case "int" if isinstance(value, int):
            return st.integers(0, 3).map(lambda more: value + more) | st.integers(1, 2 * value + 2)
        case "bool":
            return st.just(value) | st.booleans()
        case "float":
            return st.just(value) | st.sampled_from([0.0, 0.25, 0.5])
        case "list" if all(isinstance(item, int) for item in value):
            items = st.integers(1, max([*value, 1]) + 1)
            return st.just(list(value)) | st.lists(items, min_size=1, max_size=len(value) + 1)
        case "kernel":
            return st.sampled_from([1, 2, 3])
    return None
