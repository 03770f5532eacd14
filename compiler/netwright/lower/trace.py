"""The run on symbols: one body as statements that hold for every value of its parameters."""

from typing import Any

from netwright import syntax
from netwright.bind.call import Bound, bind_block, bind_op
from netwright.bind.names import SharedModule
from netwright.bind.scope import file_defaults
from netwright.evaluate import NotGeneral, evaluate
from netwright.lower import model
from netwright.lower.kinds import Parameter
from netwright.lower.layers import Layers
from netwright.lower.losses import lower_losses
from netwright.lower.model import Place
from netwright.lower.text import NameOf, Text, python_value
from netwright.program import Definition
from netwright.source import Span
from netwright.tensor import Tensor, form, number
from netwright.values import Partial, Scope, plain


class Trace(Layers):
    """One body on symbols; statements are gathered in ``out``."""

    def call_step(self, callee: Partial, use: syntax.Use) -> None:
        if isinstance(callee.target, Parameter):
            self.parameter_step(callee, use)
            return
        super().call_step(callee, use)

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        definition = callee.target
        if isinstance(definition.node, syntax.Extern):
            from netwright.bind.external import bind_external

            ref = plain(self.here(use.span))
            op = bind_external(definition, bound, ref, use.span)
            place = self.place(self.kind, use, None, weights=True)
            made = self.new(op.shape(ref.tensor), use.span)
            args = self.arguments(definition.name, [p.name.name for p in definition.params], bound)
            dims = (tuple(self.names.say(size) for size in ref.tensor.sizes),)
            self.out.append(
                model.Layer(
                    op,
                    place,
                    args,
                    (ref.id,),
                    (ref.tensor,),
                    dims,
                    {},
                    made.id,
                    made.tensor,
                    use.span,
                )
            )
            self.current = made
            return
        kind = self.kind
        self.flow.call(callee, bound, use.span, lambda: self.place(kind, use, None, weights=True))

    def parameter_step(self, callee: Partial, use: syntax.Use) -> None:
        """What a parameter holds at work: a block, a norm or an activation."""
        self.flow.call_parameter(callee, use)

    def share(self, statement: syntax.Shared) -> SharedModule:
        place = Place(self.home, Text.of(statement.name.name), "shared", True, own=self.flow.loops)
        use = statement.use
        callee = self.callee(use)
        assert isinstance(callee, Partial)
        bound = None
        if not isinstance(callee.target, Parameter):
            bind = bind_block if isinstance(callee.target, Definition) else bind_op
            bound = bind(
                callee.target, dict(callee.args), use.args or (), use.span, self, self.defaults
            )
            self.remember(callee.target, bound)
        self.out.append(model.Declared(place))
        return SharedModule(statement, place, callee, bound)

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        use, callee, bound = module.node.use, module.callee, module.bound
        assert callee is not None
        current, self.current = self.current, plain(value)
        first = id(module) not in self.used
        made = self.flow.used_in(module.path)
        if (first and self.flow.loops != module.path.own) or not made:
            raise NotGeneral(span)  # whether it was made before depends on the turn, or the arm
        self.used.add(id(module))
        if isinstance(callee.target, Parameter):
            self.flow.call_parameter(callee, use, module.path, first=first)
        elif isinstance(callee.target, Definition):
            self.flow.call(callee, bound, span, lambda: module.path, first=first)
        else:
            label = syntax.Label((module.node.name.name,), False, module.node.name.span)
            self.pending = (label, module.node.name.name)
            result = self.layer(callee.target, bound, [plain(value)], use)
            self.pending = None
            step = self.out.pop()
            assert isinstance(step, model.Layer)
            self.out.append(type(step)(**{**step.__dict__, "place": module.path, "first": first}))
            self.current = result
        result, self.current = self.current, current
        return result

    def loop(self, node: syntax.For) -> None:
        self.flow.loop(node)

    def repeat(self, node: syntax.Repeat) -> None:
        self.flow.loop(node)

    def choose(self, node: syntax.If) -> None:
        condition = self.decide(evaluate(node.condition, self), node.condition)
        if isinstance(condition, bool):
            body = node.then if condition else node.otherwise
            if body is not None:
                self.body(body)
            return
        self.flow.choose(node, condition)

    def declare_input(self, statement: syntax.Input) -> None:
        from netwright.bind.interface import input_tensor, is_image

        tensor = input_tensor(statement, self)
        tensor = _numbers(tensor) if self.routine.fixed else _static(tensor)
        sizes = tuple(
            self.worded(size, given.value)
            for size, given in zip(tensor.sizes, statement.sizes, strict=True)
        )
        integers = tensor.integers
        if statement.integers is not None:
            integers = self.worded(evaluate(statement.integers, self), statement.integers)
        ref = self.new(Tensor(sizes, tensor.axes, integers), statement.name.span)
        self.routine.inputs.append((statement.name.name, ref.id, ref.tensor))
        self.scope.names[statement.name.name] = ref
        self.image = self.image or (ref if is_image(ref.tensor) else None)
        body = self.definition.node
        assert isinstance(body, syntax.Net)
        if sum(isinstance(other, syntax.Input) for other in body.body.statements) == 1:
            self.current = ref

    def output(self, statement: syntax.Output) -> None:
        name = statement.name.name
        out, self.out = self.out, []
        current = self.current
        if statement.steps:
            label = syntax.Label((name,), False, statement.name.span)
            self.label_stack.append(name)
            self.line(syntax.Line(label, statement.steps, "", statement.span))
            self.label_stack.pop()
            value = plain(self.scope.names[name])
        else:
            found = self.scope.find(name)
            value = plain(found if found is not None else self.here(statement.span))
        body, self.out = self.out, out
        self.current = current
        side = model.Side(name, value.id, statement.when_training, tuple(body))
        self.out.append(side)
        self.routine.outputs.append(side)

    def losses(self, statement: syntax.Losses) -> None:
        lower_losses(self, statement)

    def splice(self, statement: syntax.Splice) -> None:
        callee = self.callee(statement.use)
        assert isinstance(callee, Partial) and isinstance(callee.target, Definition)
        definition = callee.target
        bound = bind_block(
            definition,
            dict(callee.args),
            statement.use.args or (),
            statement.span,
            self,
            self.defaults,
        )
        rows: dict[str, NameOf | Text] = {}
        for name, value in bound.values.items():
            if name in bound.given:
                text = self.text(value, bound.given[name].value)
                rows[name] = text if text.simple else Text.of("(", text, ")")
            else:
                rows[name] = Text.of(python_value(value))
        outer = (self.definition, self.scope, self.input, self.defaults, self.rows)
        self.input = plain(self.here(statement.span))
        self.definition, self.scope, self.defaults = definition, Scope(), file_defaults(definition)
        self.rows = rows
        self.scope.names.update(bound.values)
        node = definition.node
        assert isinstance(node, syntax.Block)
        self.body(node.body)
        self.definition, self.scope, self.input, self.defaults, self.rows = outer


def _numbers(tensor: Tensor) -> Tensor:
    """An input with its dynamic sizes as the numbers that they are checked for."""
    return tensor.resized(tuple(map(number, tensor.sizes)))


def _static(tensor: Tensor) -> Tensor:
    """An input with its dynamic sizes as symbols."""
    return tensor.resized(tuple(map(form, tensor.sizes)))
