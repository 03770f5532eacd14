"""Values that only the run on symbols knows."""

from typing import Any

from netwright.record import record
from netwright.values import Ref


@record
class Parameter:
    """A block, norm or activation that a parameter holds: only its instances know which."""

    name: str
    kind: str
    key: str


@record
class Templated:
    """A tensor under an indexed label: its index, its sizes as they were, and its statement."""

    parts: tuple[Any, ...]
    index: Any
    ref: Ref
    store: int


class Lost:
    """A name first bound in a loop or in one arm: not there for every value of the parameters."""


LOST = Lost()
