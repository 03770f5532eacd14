"""Which functions call which, told before any constant is worked out."""

from collections.abc import Iterator
from typing import Any

from netwright import syntax
from netwright.program import Definition, Program
from netwright.source import Span


def function_calls(program: Program) -> dict[Definition, list[tuple[Definition, Span]]]:
    """The calls of functions in the results and defaults of functions."""
    found: dict[Definition, list[tuple[Definition, Span]]] = {}
    for module in program.modules.values():
        for definition in module.definitions:
            node = definition.node
            if not isinstance(node, syntax.Function):
                continue
            for call in _calls((node.result, *(param.default for param in node.params))):
                callee = call.callee
                if isinstance(callee, syntax.Name):
                    target = module.names.get(callee.name)
                    if isinstance(target, Definition):
                        found.setdefault(definition, []).append((target, call.span))
    return found


def _calls(start: Any) -> Iterator[syntax.Call]:
    left = [start]
    while left:
        node = left.pop()
        if isinstance(node, syntax.Call):
            yield node
        if isinstance(node, tuple):
            left += node
        elif hasattr(node, "__record_fields__") and not isinstance(node, Span):
            left += vars(node).values()
