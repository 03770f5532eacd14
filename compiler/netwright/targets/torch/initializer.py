"""``__init__`` of a class: its signature and its lines."""

import re
from collections.abc import Sequence
from typing import Any

from netwright.arguments import type_of
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.inputs import constructor_keys, input_keys
from netwright.lower.wording import python_name
from netwright.targets.code import Block
from netwright.targets.live import Wanted
from netwright.targets.torch.constructor import Constructor
from netwright.targets.torch.folding import Folded, folded
from netwright.targets.torch.freezing import freezing
from netwright.targets.torch.holder import Holder
from netwright.targets.torch.members import Members
from netwright.targets.torch.starting import initialise

MODULES = {"torch", "nn", "F", "math"}


class Initializer(Members):
    """The constructor of a class."""

    def docstring(self, indent: int) -> str:
        """What the spec says of the block, and its shapes."""
        text: str = self.file.class_docstring(self, indent)
        return text

    def constructor(self, wanted: Wanted) -> list[Any]:
        """The lines of ``__init__`` behind its signature."""
        reserved = set(self.params) | MODULES | {"self"} | set(self.routine.names.name_of.values())
        made = Constructor(self, wanted, reserved)
        numbered = self.whole or self.numbered_base()
        before = self.defaults(made)
        for key in self.kept:
            wanted.ask(key)
        flat = self.flat_members()
        lets = [member for member in flat if isinstance(member, model.Number)]
        modules = [member for member in flat if not isinstance(member, model.Number)]
        at_once = flat[: len(lets)] == lets and made.literal(modules)
        if numbered and at_once and not self.kept and not self.needs_out():
            items = made.items(modules, chained=self.whole)
            return [
                *before,
                *made.body(lets, Holder("self", self.routine.home, "self")),
                f"super().__init__({in_base(self.base(), ', '.join(items))})",
                *self.at_the_end(made),
            ]
        kind = "nn.Sequential" if self.whole else "self"
        body = made.body(self.members, Holder("self", self.routine.home, kind))
        base = self.base()
        start = Folded([], "", body)
        if base not in ("nn.Module", "Detector"):
            start = folded("self", base, body, self.lengths())
        kept = [
            f"{self.attribute(name)} = {name}"
            for name in self.signature_names(wanted)
            if self.is_kept(name)
        ]
        lines: list[Any] = [*before, *start.ahead, f"super().__init__({start.arguments})", *kept]
        return [*lines, *self.with_out(start.rest, made), *self.at_the_end(made)]

    def at_the_end(self, made: Constructor) -> list[Any]:
        """How weights start, and which of a net are frozen."""
        starts = [*initialise(self.file, self), *made.late]
        return [*starts, *(freezing(self.file.frozen, made.free) if self.routine.is_net else [])]

    def defaults(self, made: Constructor) -> list[Any]:
        """Defaults that use other parameters, computed first."""
        return [
            Block(f"if {name} is None:", [f"{name} = {self.file.default_text(param, made.render)}"])
            for name, param in self.params.items()
            if self.file.late_default(self.routine, param)
        ]

    def is_kept(self, name: str) -> bool:
        """Whether the forward reads a parameter."""
        listed = self.size_list(name)
        return bool(self.kept & set(listed[1])) if listed else self.key_of(name) in self.kept

    def key_of(self, name: str) -> str:
        """The key of a parameter."""
        param = self.params.get(name)
        return param.name.name if param is not None else name

    def with_out(self, body: list[Any], made: Constructor) -> list[Any]:
        """The constructor with ``self.out_channels`` where its names are bound."""
        if not self.needs_out():
            return body
        text = self.routine.said[0]
        if text is None:
            raise NotGeneral(None)
        kind = ": int" if self.takes_itself() else ""  # mypy finds no end there
        line = f"self.out_channels{kind} = {made.render(text)}"
        early = set(self.param_keys) | {s.key for s in _leading(self.routine.statements)}
        if all(name.key in early for name in text.names()):
            lead = sum(
                isinstance(item, str) and not item.startswith("self.")
                for item in _head(body, len(_leading(self.routine.statements)))
            )
            return [*body[:lead], line, *body[lead:]]
        return [*body, line]

    def takes_itself(self) -> bool:
        """Whether a parameter may hold a block of this class."""
        kinds = (self.file.kind_text(self.routine, param) for param in self.params.values())
        return any(re.search(rf"\b{self.names}\b", kind) for kind in kinds)

    def signature_names(self, wanted: Wanted) -> list[str]:
        """Parameters of the constructor that are no arguments of the spec, then those that are."""
        return [*self.size_names(wanted), *self.params_in_order()]

    def size_names(self, wanted: Wanted) -> list[str]:
        """``in_channels`` and its like, where they are wanted; of a list ``maps_channels``."""
        names: list[str] = []
        if self.routine.is_net:
            return names
        for name, _, tensor in self.routine.inputs:
            for key in constructor_keys(name, tensor):
                listed = self.size_list(key)
                if listed and wanted.keys & set(listed[1]):
                    names += [listed[0]] if listed[0] not in names else []
                elif key in wanted.keys:
                    names.append(key)
        if self.routine.passed and "in_channels" not in names:
            first = [
                key
                for name, _, tensor in self.routine.inputs
                if name == "in"
                for key in input_keys(name, tensor)[:1]
            ]
            names = [*(key for key in first if key not in names), *names]
        return [*names, *(key for key in self.routine.sizes if key in wanted.keys)]

    def size_list(self, key: str) -> tuple[str, list[str]] | None:
        """The parameter that has a size for each tensor of a list, and their keys; by one of them,
        or by its own name."""
        for param, members in self.routine.lists.items():
            axes = {k.removeprefix(members[0]) for k in self.param_keys if k.startswith(members[0])}
            for axis in axes:
                keys = [f"{member}{axis}" for member in members]
                if key in keys or key == f"{param}{axis}":
                    return f"{python_name(param)}{axis}", keys
        return None

    def lengths(self) -> dict[str, int]:
        """How long the lists of sizes are that the constructor takes."""
        found = (self.size_list(key) for key in self.param_keys)
        return {listed[0]: len(listed[1]) for listed in found if listed is not None}

    def params_in_order(self) -> list[str]:
        """Parameters of the spec that the constructor takes: no tensors, required ones first."""
        tensors = {name for name, _, _ in self.routine.inputs}
        plain = [
            name
            for name, p in self.params.items()
            if type_of(p) not in ("tensor", "tensors") and p.name.name not in tensors
        ]
        return [
            *(n for n in plain if self.params[n].default is None),
            *(n for n in plain if self.params[n].default is not None),
        ]

    def init(self, body: list[Any]) -> list[Any]:
        """``def __init__`` with its signature."""
        sizes = [
            f"{name}: {'Sequence[int]' if self.size_list(name) else 'int'}"
            for name in self.size_names(self.wanted)
        ]
        params = [
            self.file.param_text(self.routine, self.params[name]) for name in self.params_in_order()
        ]
        signature = ", ".join(["self", *sizes, *params])
        return [Block(f"def __init__({signature}) -> None:", body)]


def in_base(base: str, items: str) -> str:
    """The members as the class that a class derives from takes them."""
    return f"[{items}]" if base.endswith("nn.ModuleList") else items


def _leading(statements: Sequence[Any]) -> list[Any]:
    found = []
    for statement in statements:
        if not isinstance(statement, model.Number):
            break
        found.append(statement)
    return found


def _head(body: list[Any], count: int) -> list[Any]:
    return body[:count]
