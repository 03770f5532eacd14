"""What is asked of dynamic sizes on each way through the conditions of a spec.

A way is known by how its comparisons came out. Where none of those that are known is taken under
some numbers, the net is bound to them, as a check would.
"""

from collections.abc import Iterator, Mapping

from netwright.bind.binder import Binder
from netwright.diagnostics import Report
from netwright.dynamic.conditions import Condition, Decided, Sample, asked, decided, refused, ties
from netwright.dynamic.numbers import Untold, Values
from netwright.instance import Instance
from netwright.pipeline import CheckedNet, deep_stack
from netwright.sym import Dim
from netwright.tensor import Dynamic, number
from netwright.values import Exhausted, Fault, Poisoned

MOST = 40
"""Ways and single numbers for which a net is bound before nothing is said at all."""

MOST_LAYERS = 100_000
"""Layers of all that is bound: a spec is untrusted input."""

OF_DECISIONS = frozenset({"require-failed", "contract-failed"})
"""Mistakes that every net has whose comparisons come out alike."""


class Path:
    """One way: its comparisons, what its layers ask, and why it is refused at its end, if it is.

    Of a way with a layer that refused its inputs nothing is known but what is before it: where
    that layer fits, the way is ``open``.
    """

    def __init__(
        self,
        decided: tuple[Decided, ...],
        asked: tuple[Condition, ...],
        refused: str = "",
        *,
        open: bool = False,
    ) -> None:
        self.decided = decided
        self.asked = asked
        self.refused = refused
        self.open = open
        self.order = list(asked)  # the last that refused is asked first

    def taken(self, sample: Sample) -> bool:
        """Whether the comparisons come out as on this way."""
        return not any(one.refusal(sample) for one in self.decided)

    def refusal(self, sample: Sample) -> str:
        """Why a net on this way is refused, or nothing."""
        if self.refused:
            return self.refused
        for place, condition in enumerate(self.order):
            said = condition.refusal(sample)
            if said:
                self.order.insert(0, self.order.pop(place))
                return said
        return ""

    @property
    def conditions(self) -> Iterator[Condition]:
        """All that is asked."""
        yield from self.decided
        yield from self.asked


class Paths:
    """The ways of a net that are known so far."""

    def __init__(self, binder: Binder, net: CheckedNet) -> None:
        self.program, self.bounds = binder.program, binder.bounds
        self.instance = net.instance
        self.start = declared(net.instance)
        self.bound = 0
        self.known: list[Path] = []
        self.refusals: dict[tuple[int, ...], str] = {}
        if self.start and self._learn(self.start):
            raise Untold  # one name for sizes that were declared unlike

    def refusal(self, values: Values) -> str:
        """Why a check would refuse some numbers, or nothing."""
        sample = Sample(values)
        for path in self.known:
            if path.taken(sample):
                said = path.refusal(sample)
                if said or not path.open:
                    return said
        key = tuple(values.values())
        if key not in self.refusals:
            self.refusals[key] = self._learn(values)
        return self.refusals[key]

    def ties(self) -> Iterator[tuple[str, frozenset[str]]]:
        """What is asked of two sizes at once, and their symbols: by the spec and by joins."""
        for path in self.known[:1]:
            for one in path.decided:
                if len(one.keys) > 1:
                    yield one.text, one.keys
        for names, text in ties(self.instance):
            yield text, names

    @property
    def straight(self) -> bool:
        """Whether there is one way alone, with no comparison on it."""
        return len(self.known) == 1 and not self.known[0].decided

    def sizes(self) -> Iterator[Dim]:
        """All sizes that anything is asked of."""
        for path in self.known:
            for condition in path.conditions:
                yield from condition.sizes

    def _learn(self, values: Values) -> str:
        """Bind the net to some numbers: a way that was not known, or why there is none."""
        binder, found = self.bind(values)
        way = tuple(dict.fromkeys(decided(*one) for one in binder.decided))
        if found is not None:
            self.known.append(Path(way, asked(found)))
            return ""
        errors = binder.report.diagnostics
        said = errors[0].message if errors else "refused"
        if binder.refused:
            unfit = tuple(refused(*one) for one in binder.refused)
            self.known.append(Path(way, unfit, open=True))
        elif all(one.code in OF_DECISIONS for one in errors):
            self.known.append(Path(way, (), said))
        return said

    def refuse_numbers(self, values: Values) -> None:
        """Say nothing of a net that makes other sizes of these numbers than the ways tell.

        A spec may take a number out of a size, as `range(image.height)` does.
        """
        _, found = self.bind(values)
        sample = Sample(values)
        taken = (path for path in self.known if path.taken(sample) and not path.open)
        way = next(taken, None)
        if found is None or way is None:
            raise Untold
        if [one.sizes for one in way.asked] != [one.sizes for one in asked(found)]:
            raise Untold

    def bind(self, values: Values) -> tuple[Binder, Instance | None]:
        """The net under some numbers, none where a check refuses them, and what was noted."""
        self.bound += 1
        if self.bound > MOST or self.bound * self.instance.totals.layers > MOST_LAYERS:
            raise Untold
        budget, left = self.program.budget, self.program.budget.left
        binder = Binder(self.program, Report(), self.bounds)
        binder.declared = values
        found = None
        with deep_stack():
            try:
                found = binder.net(self.instance.definition, dict(self.instance.args))
            except Fault as fault:
                binder.report.add(fault.diagnostic)
            except (Exhausted, Poisoned, RecursionError):
                raise Untold from None
            finally:
                budget.left = left
        right = found is not None and not found.failed and not binder.report.failed
        return binder, found if right else None


def declared(instance: Instance) -> Mapping[str, int]:
    """The dynamic sizes of the inputs of a net, and the numbers that it was checked at."""
    return {
        str(size.form): number(size)
        for _, tensor in instance.inputs
        for size in tensor.sizes
        if isinstance(size, Dynamic)
    }
