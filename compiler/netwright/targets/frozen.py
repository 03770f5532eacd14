"""What is frozen, as a condition on names and as words of a docstring."""

from shlex import quote

from netwright.freeze import Frozen
from netwright.lower.text import python_value
from netwright.record import record


@record
class Names:
    """Names that are given whole, and beginnings of others."""

    whole: tuple[str, ...]
    beginnings: tuple[str, ...]

    def match(self, name: str) -> list[str]:
        """The conditions of which one holds for a variable that is one of them."""
        equal = "==" if len(self.whole) == 1 else "in"
        return [
            *([f"{name} {equal} {_literal(self.whole)}"] if self.whole else []),
            *([f"{name}.startswith({_literal(self.beginnings)})"] if self.beginnings else []),
        ]

    def differ(self, name: str) -> list[str]:
        """The conditions that all hold for a variable that is none of them."""
        unequal = "!=" if len(self.whole) == 1 else "not in"
        return [
            *([f"{name} {unequal} {_literal(self.whole)}"] if self.whole else []),
            *([f"not {name}.startswith({_literal(self.beginnings)})"] if self.beginnings else []),
        ]


def condition(parts: Names, but: Names, name: str) -> str:
    """Whether the variable ``name`` is that of something frozen; empty where all is.

    Without ``parts`` it is all but ``but``.
    """
    either, none = parts.match(name), but.differ(name)
    if len(either) > 1 and none:
        either = [f"({' or '.join(either)})"]
    return " and ".join([*([" or ".join(either)] if either else []), *none])


def _literal(names: tuple[str, ...]) -> str:
    """A text, or a tuple of several."""
    texts = [python_value(name) for name in names]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def option(frozen: Frozen | None) -> str:
    """The option that a file was built with."""
    return f" --freeze {quote(str(frozen.freeze))}" if frozen is not None else ""


def sentence(frozen: Frozen) -> str:
    """What the docstring of a net says."""
    parts, but = map(_listed, (frozen.freeze.parts, frozen.freeze.but))
    what = f"{parts or 'all'}{f' but {but}' if but else ''}"
    kept = "weights and batch statistics" if frozen.stills else "weights"
    return f"Frozen is {what}: {kept} stay as they are."


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
