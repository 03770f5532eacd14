"""Which numbers a dynamic size may be, in numbers and in words."""

from collections.abc import Iterable, Sequence

from netwright.record import record

MOST = 6
"""Runs of single numbers that are told one by one."""


@record
class Constraint:
    """The numbers of a size: from ``least`` on those whose rest by ``period`` is one of ``rests``.

    ``others`` are the numbers that are right beside them.
    """

    name: str
    checked: int
    period: int
    rests: tuple[int, ...]
    least: int
    others: tuple[int, ...]

    def holds(self, number: int) -> bool:
        """Whether the size may be a number."""
        steady = number >= self.least and number % self.period in self.rests
        return steady or number in self.others

    @property
    def free(self) -> bool:
        """Whether every number from 1 on is right."""
        return self.period == 1 and self.least <= 1 and bool(self.rests)

    @property
    def text(self) -> str:
        """What the size must be: ``a multiple of 32 and at least 64``."""
        if not self.rests:
            return _listed(self.others)
        said = [self._rests()] if self.period > 1 else []
        first = next(n for n in range(1, self.period + 1) if n % self.period in self.rests)
        if self.least > first:
            said.append(f"at least {self.least}")
        text = " and ".join(said) or "at least 1"
        return f"{text}, or {_listed(self.others)}" if self.others else text

    def _rests(self) -> str:
        """The rests, in words."""
        period, rests = self.period, self.rests
        if period == 2:
            return "odd" if rests == (1,) else "even"
        missing = tuple(sorted({*range(period)} - {*rests}))
        if len(missing) < min(3, len(rests)):
            return f"not {_multiples(missing, period)}"
        return _multiples(rests, period)


def _multiples(rests: Sequence[int], period: int) -> str:
    if len(rests) > 1 and rests == tuple(range(len(rests))):
        return f"at most {rests[-1]} more than a multiple of {period}"
    more = [rest for rest in rests if rest]
    words = ["a multiple"] if 0 in rests else []
    words += [f"{_listed(more)} more than a multiple"] if more else []
    return f"{' or '.join(words)} of {period}"


def _or(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _listed(numbers: Iterable[int]) -> str:
    """Single numbers, three or more in a row as one: ``5, 7 or from 9 to 12``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = [word for run in runs for word in _run(run)]
    if len(words) > MOST:
        words = [*words[: MOST - 1], f"one of {len(words) - MOST + 1} more up to {runs[-1][-1]}"]
    return _or(words) if words else "nothing"


def _run(run: Sequence[int]) -> list[str]:
    return [f"from {run[0]} to {run[-1]}"] if len(run) > 2 else list(map(str, run))


@record
class Constraints:
    """What the dynamic sizes of a net must be; ``together`` says what is asked of several."""

    each: tuple[Constraint, ...]
    together: tuple[str, ...]

    def sentences(self) -> list[str]:
        """What must be so, sizes that must be alike as one: ``H and W must each be even``."""
        said: dict[str, list[str]] = {}
        for one in self.each:
            if not one.free:
                said.setdefault(one.text, []).append(f"`{one.name}`")
        found = [
            f"{_and(names)} must {'each ' if len(names) > 1 else ''}be {text}"
            for text, names in said.items()
        ]
        return [*found, *self.together]


def _and(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
