"""Whether a checkpoint of one net still loads into another: by names and sizes of weights."""

from collections.abc import Mapping

from netwright.instance import Instance
from netwright.record import record
from netwright.weights.table import table


@record
class Checkpoint:
    """The weights of the PyTorch state dict that stand in the way, by name.

    ``missing`` ones are not in the checkpoint, ``unexpected`` ones are in nothing but it, and
    ``resized`` ones have other sizes in it.
    """

    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    resized: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    kept: int

    @property
    def loads(self) -> bool:
        """Whether it loads strictly."""
        return not (self.missing or self.unexpected or self.resized)


def checkpoint(before: Instance, after: Instance) -> Checkpoint:
    """What becomes of the weights of one net in another."""
    old, new = sizes(before), sizes(after)
    both = [name for name in new if name in old]
    return Checkpoint(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        tuple((name, old[name], new[name]) for name in both if old[name] != new[name]),
        sum(old[name] == new[name] for name in both),
    )


def sizes(instance: Instance) -> Mapping[str, tuple[int, ...]]:
    """The sizes of the weights by their names in the PyTorch state dict."""
    found = table(instance.name, instance)
    return {name: found.sizes(name) for name in found.weights}
