"""What the uses of a block give for its parameters: a padding is a number, or the word `same`."""

from collections.abc import Mapping, Sequence
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.ops.window import each
from netwright.sym import Sym, keys, substitute
from netwright.targets.spell import View
from netwright.values import Kernel

Use = Mapping[str, Any]


class Uses(View):
    """A layer in a block, with the arguments of all uses of the block."""

    uses: Sequence[Use] = ()

    @property
    def same_uses(self) -> list[Use]:
        """The uses whose argument is `same`, where the padding is a parameter of the block."""
        pad = self.value("pad") if "pad" in self.op.params else None
        names = keys(pad) if isinstance(pad, Sym) else ()
        return [use for use in self.uses if any(use.get(name) == "same" for name in names)]

    @property
    def same_or_none(self) -> bool:
        """Whether a parameter tells, and no more than, if the border is padded at all."""
        pad = self.value("pad") if "pad" in self.op.params else None
        names = keys(pad) if isinstance(pad, Sym) else ()
        given = [use[name] for use in self.uses for name in names if name in use]
        return "same" in given and all(value in ("same", 0) for value in given)

    def refuse_same(self) -> None:
        """Refuse a padding that is the word in some uses: the code would take it for a number."""
        if self.same_uses:
            raise NotGeneral(self.layer.span)

    def in_use(self, name: str, use: Use) -> tuple[Any, ...]:
        """One value an axis of an argument, as far as a use of the block tells."""
        numbers = self.numbers_of(use)
        return tuple(
            substitute(side, numbers) if isinstance(side, Sym) else side
            for side in each(self.value(name), self.rank)
        )

    def numbers_of(self, use: Use) -> dict[str, int]:
        """The arguments of a use that are numbers, and the sides of those that are kernels."""
        found: dict[str, int] = {}
        for name, value in use.items():
            if isinstance(value, int | Kernel):
                sides = enumerate(each(value, self.rank)) if self.rank <= len_of(value) else ()
                found |= {f"{name}.{axis}": int(side) for axis, side in sides}
                found |= {name: value} if isinstance(value, int) else {}
        return found


def len_of(value: int | Kernel) -> int:
    """How many sides a value has; a number has as many as are asked for."""
    return len(value) if isinstance(value, Kernel) else 3
