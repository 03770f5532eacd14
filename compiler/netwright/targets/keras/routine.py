"""One block or net as a function: its signature, its body and what it returns."""

from typing import Any

from netwright.arguments import type_of
from netwright.lower import model
from netwright.lower.wording import python_name
from netwright.targets.code import Block
from netwright.targets.helpers import helper_names
from netwright.targets.keras.loose import declared, loose
from netwright.targets.keras.naming import RESERVED
from netwright.targets.keras.statements import Statements
from netwright.targets.lists import Lists, bracket, gives_list
from netwright.targets.sides import conjunction, detects
from netwright.targets.variables import Variables, every

Lines = list[Any]


class KerasFunction(Statements):
    """Writes the function of a routine."""

    def write(self) -> Lines:
        """The lines of the function."""
        while True:
            before = set(self.numbers_wanted)
            lines = self.body_lines()
            if before == self.numbers_wanted:
                break
        kind = (
            self.model_type
            if self.routine.is_net
            else "list[KerasTensor]"
            if gives_list(self.routine)
            else "KerasTensor"
            if not self.outputs.several
            else "dict[str, KerasTensor]"
        )
        return [
            Block(
                f"def {self.name}({self.signature()}) -> {kind}:",
                [self.file.class_docstring(self, 1), *lines],
            )
        ]

    def body_lines(self) -> Lines:
        """All lines behind the docstring."""
        self.done.clear()
        self.numberings.clear()
        self.turn_names.clear()
        self.made = set()
        self.lists = Lists(self.routine, self.flow, self.params)
        given = self.given()
        results = [
            self.routine.result,
            *(value for _, value in self.outputs.others),
            *(s.side.value for s in self.sides),
        ]
        reserved = RESERVED | helper_names("keras") | {self.file.freezer} | set(self.params)
        reserved |= set(map(self.shared_name, self.shared_uses()))
        reserved |= set(given.values()) if self.routine.is_net else set()
        self.variables = Variables(self.flow, given, results, reserved, self.reads, start="x")
        main = self.flow[: len(self.flow) - len(self.sides)]
        self.started: set[int] = set()
        body = self.body(main)
        returns = self.returns()
        self.loose = loose([*body, *returns], given.values(), is_net=self.routine.is_net)
        body = declared(body, self.loose - set(given.values()))
        top = [f"{name} = {value}" for name, value in self.asked_sizes.items()]
        stored = [f"{name}: dict[int, KerasTensor] = {{}}" for name in sorted(self.loaded)]
        late = [
            Block(f"if {name} is None:", [f"{name} = {self.file.default_text(param, self.render)}"])
            for name, param in self.params.items()
            if self.file.late_default(self.routine, param)
        ]
        return [*self.input_lines(body), *top, *late, *stored, *body, *returns]

    def signature(self) -> str:
        """Tensors, required parameters, then the rest by keyword, and the name."""
        tensors = (
            list(dict.fromkeys(map(self.taken_tensor, self.given().values())))
            if not self.routine.is_net
            else []
        )
        skip = {name for name, _, _ in self.routine.inputs}
        params = [
            p
            for n, p in self.params.items()
            if type_of(p) not in ("tensor", "tensors") and p.name.name not in skip
        ]
        required = [self.file.param_text(self.routine, p) for p in params if p.default is None]
        optional = [self.file.param_text(self.routine, p) for p in params if p.default is not None]
        if self.routine.is_net:
            if self.outputs.trained:
                optional.append("training_outputs: bool = False")
            optional.append(f'name: str = "{self.name}"')
            return ", ".join([*tensors, *required, *optional])
        if self.named:
            optional.append("name: str")
        return ", ".join([*tensors, *required, *(["*", *optional] if optional else [])])

    def taken_tensor(self, name: str) -> str:
        """A parameter that takes a tensor, or a list of them."""
        if "[" in name:
            return f"{name.partition('[')[0]}: Sequence[Any]"
        return f"{name}: {'Any' if name in self.loose else 'KerasTensor'}"

    def input_lines(self, body: Lines) -> Lines:
        """``image = keras.Input(…)`` of a net."""
        if not self.routine.is_net:
            return []
        lines = []
        for name, _, tensor in self.routine.inputs:
            variable = python_name(name)
            shape = self.file.input_shape(self.routine, name, tensor)
            dtype = 'dtype="int32", ' if tensor.integers is not None else ""
            kind = ": Any" if self.goes_to_block(name) or variable in self.loose else ""
            lines.append(f'{variable}{kind} = keras.Input({shape}, {dtype}name="{name}")')
        return [*lines, *self.truth_lines()]

    @property
    def model_type(self) -> str:
        """The class of a net."""
        return "keras.Model" if self.file.freezer else self.made_of

    @property
    def made_of(self) -> str:
        """The class that a net is made of: what detects has a `detect` of its own."""
        if self.routine.truth is not None:
            return "Detector"
        return "DetectionModel" if detects(self.routine, self.outputs) else "keras.Model"

    def truth_lines(self) -> Lines:
        """What images show, for the losses of a net."""
        if self.truth is None:
            return []
        name = self.truth[0]
        boxes = f'keras.Input((None, 4), name="{name}_boxes")'
        labels = f'keras.Input((None,), dtype="int32", name="{name}_labels")'
        return [f'{name} = {{"boxes": {boxes}, "labels": {labels}}}']

    def goes_to_block(self, name: str) -> bool:
        """Whether an input is handed to a function of ours, or copied to the flow."""
        value = next(v for n, v, _ in self.routine.inputs if n == name)
        for statement in every(self.flow):
            if (
                isinstance(statement, model.Call)
                and not self.is_shared(statement)
                and value in (*statement.inputs, *statement.tensors.values())
            ):
                return True
            if any(value in (phi.before, phi.end) for phi in getattr(statement, "phis", ())):
                return self.named_any(statement)
        return False

    def named_any(self, statement: Any) -> bool:
        """Whether a loop or condition calls functions of ours."""
        return any(isinstance(s, model.Call) for s in every([statement]))

    def returns(self) -> Lines:
        """The end: a tensor, or the model with its outputs."""
        main = self.variables.names[self.routine.result]
        outs = {
            self.outputs.main[0]: main,
            **{n: self.variables.names[v] for n, v in self.outputs.others},
        }
        if gives_list(self.routine):
            values = (self.routine.result, *self.routine.more)
            items = [self.variables.names[value] for value in values]
            return [f"return {bracket(items, self.lists.lengths)}"]
        if not self.routine.is_net:
            if len(outs) == 1:
                return [f"return {main}"]
            return [
                f"return {{{', '.join(f'{chr(34)}{n}{chr(34)}: {v}' for n, v in outs.items())}}}"
            ]
        inputs = [python_name(name) for name, _, _ in self.routine.inputs]
        given = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
        plain = main if len(outs) == 1 else _dict(outs)
        model_line = f"return {self.model(given, plain)}"
        if not self.sides:
            return [model_line]
        conditions = {tuple(self.render(c) for c in output.conditions) for output in self.sides}
        body: Lines = []
        if len(conditions) == 1:
            (condition,) = conditions
            for output in self.sides:
                body += self.body(output.side.body)
                outs[output.side.name] = self.variables.names[output.side.value]
            body.append(f"outputs = {_dict(outs)}")
            asked = ["training_outputs"] if self.outputs.trained else []
            test = conjunction([*asked, *condition])
            return [
                Block(f"if {test}:", [*body, f"return {self.model(given, 'outputs')}"]),
                model_line,
            ]
        body.append(f"outputs = {_dict(outs)}")
        for output in self.sides:
            inner = [
                *self.body(output.side.body),
                f'outputs["{output.side.name}"] = {self.variables.names[output.side.value]}',
            ]
            test = conjunction([self.render(c) for c in output.conditions])
            body += [Block(f"if {test}:", inner)] if test else inner
        return [
            Block("if training_outputs:", [*body, f"return {self.model(given, 'outputs')}"]),
            model_line,
        ]

    def model(self, inputs: str, outputs: str) -> str:
        """The model, through the function that freezes parts of it where there is one."""
        made = f"{self.made_of}({inputs}, {outputs}, name=name)"
        if not self.made_of.startswith("keras."):
            self.file.use_helpers([self.made_of])
        if self.truth is not None:
            every_input = [*inputs.strip("[]").split(", "), self.truth[0]]
            trained = f"trained_by([{', '.join(every_input)}], losses)"
            made += f".{trained}"
        return f"{self.file.freezer}({made})" if self.file.freezer else made


def _dict(items: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in items.items()) + "}"
