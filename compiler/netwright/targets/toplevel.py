"""Constants, functions and helpers that stand in front of the blocks."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.lower.text import python_value
from netwright.lower.wording import python_name, word
from netwright.program import Definition
from netwright.targets.code import Block
from netwright.targets.helpers import helper_source, helpers_called
from netwright.targets.values import Values, _FileSpeaker


class TopLevel(Values):
    """What the code of a file asks for in front of it."""

    def use_helpers(self, names: Iterable[str]) -> None:
        """Note helpers that the code calls."""
        for name in names:
            self.helpers |= dict.fromkeys((*helpers_called(self.target, name), name))

    def helper_order(self) -> list[str]:
        """Helpers in the order of their first use, those that they call in front."""
        return list(self.helpers)

    def helpers_text(self) -> list[str]:
        """What stands in front of the blocks, each in a text."""
        return [self.helper_text(name) for name in self.helper_order()]

    def helper_text(self, name: str) -> str:
        """The text of a helper."""
        return helper_source(self.target, name)

    def top_level(self) -> list[Any]:
        """Constants and functions of the spec."""
        constants: list[Any] = []
        functions: list[Any] = []
        done: set[str] = set()
        while set(self.tops) - done:
            for name in list(self.tops):
                if name in done:
                    continue
                done.add(name)
                if name in self.lowerer.functions:
                    functions += self.function(self.lowerer.functions[name])
                else:
                    value = python_value(self.lowerer.constants[name])
                    constants.append(f"{python_name(name).upper()} = {value}")
        return [*constants, *functions] if constants else functions[1:]

    def function(self, definition: Definition) -> list[Any]:
        """A `def` of the spec as a function."""
        node = definition.node
        assert isinstance(node, syntax.Function)
        speaker = _FileSpeaker(self, definition, {param.name.name for param in node.params})
        params = [
            python_name(p.name.name)
            + (f"={word(p.default, speaker).plain}" if p.default is not None else "")
            for p in node.params
        ]
        typed = [
            f"{p.partition('=')[0]}: Any{' = ' + p.partition('=')[2] if '=' in p else ''}"
            for p in params
        ]
        doc = [self.doc(self.paragraphs(node.doc), 1)] if node.doc else []
        return [
            "",
            "",
            Block(
                f"def {python_name(definition.name)}({', '.join(typed)}) -> Any:",
                [*doc, f"return {word(node.result, speaker).plain}"],
            ),
        ]
