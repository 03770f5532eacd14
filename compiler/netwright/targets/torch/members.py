"""Layers and blocks of a class as expressions: what makes them and what applies them."""

from collections.abc import Sequence
from typing import Any

from netwright.lower import model
from netwright.targets.initial import starting, starts_of_op, torch_classes, torch_own_lines
from netwright.targets.spell import macros, spell
from netwright.targets.torch.body import ClassBody
from netwright.targets.torch.forward import Forward
from netwright.targets.torch.starting import ClassLoop, class_loops
from netwright.targets.torch.view import TorchView, macro
from netwright.targets.variables import every


class Members(ClassBody):
    """The modules of a class."""

    own_loops: dict[str, ClassLoop] | None = None

    def is_member(self, layer: model.Layer, named: bool) -> bool:
        """Whether a layer is a module here: in a named class a function of its own is none."""
        found, name = macros("torch"), macro(layer.op)
        own = layer.place is not None and layer.place.weights
        return name in found and (own or not (named and f"{name}_apply" in found))

    def view(
        self, layer: model.Layer, render: Any, inputs: list[str], member: str = ""
    ) -> TorchView:
        """The layer as its macro sees it."""
        view = TorchView(layer, render, inputs, "", member)
        if id(layer) in self.own_layers:
            view.uses = self.file.used_values.get(self.routine.definition, ())
        view.in_place = layer.place is not None and id(layer.place) in self.inplace_places
        view.factors = self.file.factors(self.routine, layer)
        return view

    def module(self, layer: model.Layer, render: Any, *, chained: bool) -> str:
        """The expression that makes the module of a layer."""
        name = macro(layer.op)
        if chained and f"{name}_chain" in macros("torch"):
            name = f"{name}_chain"
        view = self.view(layer, render, [])
        lines = spell("torch", name, view)
        self.file.use_helpers(view.helpers)
        self.file.foreign |= dict.fromkeys(view.imports)
        return " ".join(lines)

    def apply(self, layer: model.Layer, forward: Forward, inputs: list[str]) -> list[str]:
        """Lines of a layer at work; the last is its result."""
        found = macros("torch")
        name = macro(layer.op)
        place = layer.place
        function = place is None or not (place.weights or place.home.numbered)
        if f"{name}_apply" in found and function:
            view = self.view(layer, forward.render, inputs)
            lines = spell("torch", f"{name}_apply", view)
        else:
            assert place is not None
            member = forward.member(place)
            if f"{name}_call" not in found:
                return [f"{member}({', '.join(inputs)})"]
            view = self.view(layer, forward.render, inputs, member)
            view.batch = next(iter(forward.target.given().values()))
            lines = spell("torch", f"{name}_call", view)
        self.file.use_helpers(view.helpers)
        self.file.foreign |= dict.fromkeys(view.imports)
        return lines

    def construct(self, call: model.Call, render: Any) -> str:
        """The expression that makes a block."""
        text: str = self.file.construct(call, render)
        return text

    def starts_apart(self, layer: model.Layer) -> bool:
        """Whether the loop of a net cannot start a layer as it does others of its kind."""
        starts = self.file.starts(self)
        if id(layer) in starts.exceptions:
            return True
        return not starts.apart.isdisjoint(self.file.kinds_of(self, layer))

    def loops(self) -> dict[str, ClassLoop]:
        """The kinds that the class itself starts in a loop."""
        if self.own_loops is None:
            self.own_loops = class_loops(self.file, self, self.file.starts(self).apart)
        return self.own_loops

    def own_statements(self) -> list[Any]:
        """All statements of the routine, the inner ones too."""
        return list(every(self.routine.statements))

    def follows(self, layer: model.Layer) -> bool:
        """Whether the start of a layer overrides that of the loop in front of it."""
        return id(layer) in self.file.starts(self).exceptions

    def own_start(self, layer: model.Layer, member: str) -> list[Any]:
        """The lines that start the weights of one layer."""
        self.file.use_helpers(starting(*starts_of_op(layer.op)))
        kind = self.class_of(layer)
        already = self.file.starts(self).exceptions.get(id(layer))
        if already is not None:
            return torch_own_lines(layer, kind, member, already)
        return [] if kind in self.loops() else torch_own_lines(layer, kind, member)

    def class_of(self, layer: model.Layer) -> str:
        """The class of PyTorch that holds the weights of a layer."""
        return torch_classes(self.module(layer, lambda text: text.plain, chained=False))[0]

    def any_apart(self, statements: Sequence[Any]) -> bool:
        """Whether any layer has lines of its own that start its weights."""
        layers = (s for s in every(statements) if isinstance(s, model.Layer) and s.place)
        return any(
            "init" in s.op.params and self.starts_apart(s) and self.own_start(s, "") for s in layers
        )

    def use_file(self, key: str) -> None:
        """Note a constant or function of the file."""
        self.file.use_top(key)
