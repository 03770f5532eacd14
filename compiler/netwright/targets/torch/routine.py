"""One block or net as a class: constructor, forward and what it returns."""

from collections.abc import Iterator, Sequence
from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Home
from netwright.lower.wording import python_name
from netwright.targets.code import Block
from netwright.targets.helpers import helper_names
from netwright.targets.imports import VISION
from netwright.targets.lists import bracket, gives_list
from netwright.targets.live import settle
from netwright.targets.liveness import texts_of
from netwright.targets.sides import conjunction
from netwright.targets.torch.forward import Forward
from netwright.targets.torch.freezing import train
from netwright.targets.torch.initializer import Initializer
from netwright.targets.torch.types import type_of
from netwright.targets.variables import Variables, every
from netwright.tensor import TRUTH, Tensor

MODULES = {"torch", "nn", "F", "math"}


def called_in_forwards() -> set[str]:
    """What a forward may call, so that no variable of it is called so."""
    return MODULES | {"self", *VISION, *helper_names("torch")}


class TorchClass(Initializer):
    """Writes the class of a routine."""

    def write(self) -> list[Any]:
        """The lines of the class."""
        forward = [] if self.whole else self.forward()
        equal = self.file.lowerer.equal_keys.get(id(self.routine), {})
        body, self.wanted = settle(self.constructor, equal, self.kept)
        base = self.base()
        lines = [self.docstring(1), "", *self.init(body)]
        if forward:
            lines += ["", *forward]
        if self.routine.is_net:
            lines += train(self.file.frozen)
        return [Block(f"class {self.names}({base}):", lines)]

    def forward(self) -> list[Any]:
        """``def forward`` with its body; again, where it has to ask tensors for their sizes."""
        known = set(self.measured)
        try:
            return self._forward()
        except NotGeneral:
            if self.measured == known:
                raise
        self.done.clear()
        return self.forward()

    def reads(self, statement: Any) -> Iterator[int]:
        """Tensors that a statement asks for their sizes."""
        for text in texts_of(statement):
            yield from (size.value for size in text.sizes() if size.value in self.measured)

    def _forward(self) -> list[Any]:
        given = self.given()
        results = [
            self.routine.result,
            *(value for _, value in self.outputs.others),
            *(s.side.value for s in self.sides),
        ]
        variables = Variables(self.flow, given, results, called_in_forwards(), self.reads)
        annotated = set(given.values())
        forward = Forward(self, variables, self.routine.result, annotated)
        main = self.flow[: len(self.flow) - len(self.sides)]
        body = self._forward_body(forward, main)
        homes = {id(home): home for home in _homes(self.members)}
        stored = [f"{name}: dict[int, Tensor] = {{}}" for name in sorted(self.loaded)]
        returns = self.returns(forward)
        lines = [*forward.iterators(homes), *stored, *body, *returns]
        values = self.routine.values
        inputs = ", ".join(
            dict.fromkeys(self.input(name, values[value]) for value, name in given.items())
        )
        return [Block(f"def forward(self, {inputs}) -> {self.file.return_type(self)}:", lines)]

    def _forward_body(self, forward: Forward, main: Sequence[Any]) -> list[Any]:
        known = set(self.forward_names)
        try:
            return forward.body(main)
        except NotGeneral:
            if self.forward_names == known:
                raise
        self.done.clear()
        forward.start_again()
        return self._forward_body(forward, main)

    def given(self) -> dict[int, str]:
        """The names of the inputs: ``x`` where there is one."""
        inputs = self.routine.inputs
        names = {value: "x" if name == "in" else python_name(name) for name, value, _ in inputs}
        if self.routine.is_net:
            return self.given_to_net(names)
        values = {name: value for name, value, _ in inputs}
        for param, listed in self.routine.lists.items():
            for place, name in enumerate(listed):
                names[values[name]] = f"{python_name(param)}[{place}]"
        return names

    def given_to_net(self, names: dict[int, str]) -> dict[int, str]:
        """The same of a net, and what an image shows."""
        found = dict.fromkeys(names, "x") if len(names) == 1 else names
        if self.routine.truth is None:
            return found
        name, value = self.routine.truth
        taken = {*found.values(), *called_in_forwards()}
        return {**found, value: f"{name}_" if name in taken else name}

    def input(self, name: str, tensor: Tensor) -> str:
        """An input with its type; what an image shows is not always told."""
        if "[" in name:
            return f"{name.partition('[')[0]}: Sequence[{type_of(tensor)}]"
        missing = " | None = None" if tensor.axes[:1] == (TRUTH,) else ""
        return f"{name}: {type_of(tensor)}{missing}"

    def returns(self, forward: Forward) -> list[Any]:
        """The end of the forward: side outputs last, so that training is asked once."""
        var = forward.var
        main = var(self.routine.result)
        others = [var(value) for _, value in self.outputs.others]
        if gives_list(self.routine):
            items = [main, *(var(value) for value in self.routine.more)]
            return [f"return {bracket(items, forward.lists.lengths)}"]
        kind = f"{self.names}Outputs"
        trained = f"{self.names}TrainingOutputs" if others and self.sides else kind
        plain = f"return {kind}({', '.join([main, *others])})" if others else f"return {main}"
        if not self.sides:
            return [plain]
        conditions = {tuple(forward.render(c) for c in output.conditions) for output in self.sides}
        if len(conditions) == 1:
            (condition,) = conditions
            body = [line for output in self.sides for line in self.side(forward, output.side)]
            values = [main, *others, *(var(output.side.value) for output in self.sides)]
            asked = ["self.training"] if self.outputs.trained else []
            test = conjunction([*asked, *condition])
            return [Block(f"if {test}:", [*body, f"return {trained}({', '.join(values)})"]), plain]
        body = []
        for output in self.sides:
            name = output.side.name
            inner = self.side(forward, output.side)
            value = var(output.side.value)
            if value != name:
                inner.append(f"{name} = {value}")
            test = conjunction([forward.render(c) for c in output.conditions])
            body += (
                [f"{name}: Tensor | None = None", Block(f"if {test}:", inner)] if test else inner
            )
        values = [main, *others, *(output.side.name for output in self.sides)]
        return [
            Block("if self.training:", [*body, f"return {trained}({', '.join(values)})"]),
            plain,
        ]

    def side(self, forward: Forward, side: model.Side) -> list[Any]:
        """The lines of a side output."""
        return forward.body(side.body)


def _homes(statements: Sequence[Any]) -> list[Home]:
    found = []
    for statement in every(statements):
        place = getattr(statement, "place", None)
        if place is not None:
            found.append(place.home)
    return found
