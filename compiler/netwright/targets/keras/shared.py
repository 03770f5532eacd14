"""Shared modules: a layer, or a model of a block, made once and called at every use.

One that is first used in a loop is made in front of it, and so is one that is first used in a
condition and again behind it. One that a single line uses once is like any other layer or block.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.wording import python_name
from netwright.targets.keras.naming import Naming
from netwright.targets.keras.order import channels_last, keras_order
from netwright.targets.keras.passing import may_pass
from netwright.targets.lists import gives_list, tensors_of
from netwright.targets.spell import tuple_of
from netwright.targets.variables import every

Lines = list[Any]
Use = Any  # a layer or a call


class Shared(Naming):
    """Makes shared modules, and keeps which there are."""

    made: set[int]

    def maker(self, layer: model.Layer, inputs: list[str], out: str) -> list[str]:
        """The lines that a layer is in Keras."""
        raise NotImplementedError

    def expression(self, call: model.Call, inputs: list[str]) -> str:
        """The call of a block's function."""
        raise NotImplementedError

    def is_shared(self, statement: Any) -> bool:
        """Whether a statement is a use of a shared module that has others."""
        place = getattr(statement, "place", None)
        return place is not None and self.counts[id(place)] > 1

    @cached_property
    def counts(self) -> Counter[int]:
        """How often shared modules are used, by their places: in loops more than once."""
        turning = [
            s for loop in every(self.flow) if isinstance(loop, model.Loop) for s in loop.body
        ]
        uses = [*every(self.flow), *every(turning)]
        places = (getattr(use, "place", None) for use in uses)
        return Counter(id(p) for p in places if p is not None and p.kind == "shared")

    def shared_uses(self) -> list[Use]:
        """All uses of shared modules."""
        return list(filter(self.is_shared, every(self.flow)))

    def shared_name(self, use: Use) -> str:
        """The variable that holds a shared module."""
        return python_name(use.place.static or "shared")

    def hoisted(self, control: "model.Loop | model.Arms") -> Lines:
        """What is made in front of a loop or condition for the uses in it."""
        lines: Lines = []
        inner = list(every([control]))
        inside, homes = set(map(id, inner)), {id(getattr(s, "home", None)) for s in inner}
        for use in filter(self.is_shared, inner):
            within = {id(other) for other in self.uses_of(use)} <= inside
            private = id(use.place.home) in homes
            if not (private or (within and isinstance(control, model.Arms))):
                lines += self.make(use, control)
        return lines

    def uses_of(self, use: Use) -> list[Use]:
        """All uses of the module of one."""
        return [other for other in self.shared_uses() if other.place is use.place]

    def make(self, use: Use, control: Any = None) -> Lines:
        """What makes a module, unless it is there; ``control`` is what it stands before."""
        if id(use.place) in self.made:
            return []
        self.made.add(id(use.place))
        if isinstance(use, model.Layer):
            inputs = [self.standing(value, control) or "$" for value in use.inputs]
            return [made for made, _ in self.shared_parts(use, inputs, "") if made]
        name = self.shared_name(use)
        if use.parameter_kind != "block":
            return [f"{name} = {self.expression(use, ['$']).removesuffix('($)')}"]
        return self.make_block(use, name, control)

    def make_block(self, call: model.Call, name: str, control: Any) -> Lines:
        """The model of a block, with inputs of its own."""
        given = dict.fromkeys(f"{name}_input" for _ in call.inputs)
        names = [*given, *(f"{name}_{python_name(key)}" for key in call.tensors)]
        values = (*call.inputs, *call.tensors.values())
        lines = []
        for place, (variable, value) in enumerate(zip(names, values, strict=True)):
            kind = ', dtype="int32"' if self.routine.values[value].integers is not None else ""
            shape = self.shared_shape(call, place, value, control)
            lines.append(f"{variable}: Any = keras.Input({shape}{kind})")
        held = dict(zip(call.tensors, names[len(given) :], strict=True))
        made = self.expression(call, [*given, *tensors_of(call, held)])
        if not self.several(call) and gives_list(call.routine):
            made = f"{made}[0]"
        elif not self.several(call) and (call.outputs or call.more):
            made = f'{made}["{self.main_output(call)}"]'
        if not self.several(call) and may_pass(call):
            made = f"layers.Identity()({made})"  # a model that gives its input itself has a cycle
        taken = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        label = self.name_text(call.place)
        return [
            *lines,
            f"{name}_output = {made}",
            f"{name} = keras.Model({taken}, {name}_output, name={label})",
        ]

    def several(self, call: model.Call) -> bool:
        """Whether more than the main output of a block is read; of a shared one at any use."""
        uses = self.uses_of(call) if self.is_shared(call) else [call]
        values = [value for use in uses for value in (*use.more, *use.outputs.values())]
        return any(self.variables.uses.get(value) for value in values)

    def main_output(self, call: model.Call) -> str:
        """What a block of several outputs calls its main one."""
        assert call.routine is not None
        return str(self.file.written[id(call.routine)].outputs.main[0])

    def shared_shape(self, call: model.Call, place: int, value: int, control: Any) -> str:
        """The shape of an input of a shared block: open along axes in which its uses differ."""
        tensor, source = self.routine.values[value], self.standing(value, control)
        others = [self.routine.values[inputs_of(use)[place]] for use in self.uses_of(call)]
        alike = [len({t.sizes[axis] for t in others}) == 1 for axis in range(tensor.rank)]
        alike[0] |= channels_last(tensor)  # or the weights would not fit
        late = self.file.late_sizes
        if source is not None and all(alike) and (late or not _known(tensor.sizes)):
            return f"{source}.shape[1:]"
        texts = []
        for axis, size in enumerate(tensor.sizes):
            if not alike[axis] or (late and (axis or tensor.rank == 1) and source is None):
                texts.append("None")
            elif isinstance(size, int):
                texts.append(str(size))
            elif source is not None:
                texts.append(f"{source}.shape[{keras_order(tensor).index(axis) + 1}]")
            else:
                raise NotGeneral(call.span)
        return tuple_of([texts[axis] for axis in keras_order(tensor)])

    def standing(self, value: int, control: Any) -> str | None:
        """The variable of a tensor of a value's sizes; in front of ``control`` one from before."""
        if control is None:
            return self.variables.names[value]
        before = {phi.inside: phi.before for phi in control.phis}
        source = before.get(value, value)
        there = self.variables.made[source] < self.variables.position[id(control)]
        values = self.routine.values
        same_sizes = source in values and values[source].sizes == values[value].sizes
        return self.variables.names[source] if there and same_sizes else None

    def shared_parts(
        self, layer: model.Layer, inputs: list[str], out: str
    ) -> list[tuple[str, str]]:
        """What makes each part of a shared layer, and what it does at a use; one that holds
        nothing is made at each use."""
        lines, stem = self.maker(layer, inputs, out), self.shared_name(layer)
        count, found = sum("name=" in line for line in lines), list[tuple[str, str]]()
        for line in lines:
            if "name=" not in line:
                found.append(("", line))
                continue
            name = stem if count == 1 else f"{stem}_{sum(bool(made) for made, _ in found)}"
            maker, call, given = line.partition("($")
            if "$" in maker:
                raise NotGeneral(layer.span)
            found.append((f"{name} = {maker}", f"{name}{call}{given}"))
        return found


def inputs_of(use: Use) -> Sequence[int]:
    """The tensors that a use is given."""
    more = use.tensors.values() if isinstance(use, model.Call) else ()
    return [*use.inputs, *more]


def _known(sizes: Sequence[Any]) -> bool:
    return all(isinstance(size, int) for size in sizes)
