"""What a net takes and gives: inputs with sizes, outputs by name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from netwright import syntax
from netwright.arithmetic import is_whole
from netwright.diagnostics import Related
from netwright.evaluate import Environment, evaluate
from netwright.instance import Instance, Named
from netwright.kinds import is_size
from netwright.members import Form, form
from netwright.record import replace
from netwright.spelling import closest
from netwright.sym import Sym, variable
from netwright.tensor import IMAGE_AXES, LENGTH, Dynamic, Size, Tensor, number, show_sizes
from netwright.tensor import form as formula
from netwright.values import Fault, Ref, Scope, kind_of, known, plain

if TYPE_CHECKING:
    from netwright.bind.run import Run

MOST_AXES = 4


def size_of(size: syntax.Size, env: Environment, what: str) -> Size:
    """One declared size."""
    value = evaluate(size.value, env)
    if not is_size(value):
        raise Fault(
            "type-mismatch",
            size.span,
            f"a size of `{what}` is a whole number, found {kind_of(value)}",
        )
    if isinstance(value, int | Dynamic) and number(value) < 1:
        raise Fault(
            "out-of-bounds", size.span, f"a size of `{what}` must be at least 1, found {value}"
        )
    found: Size = value
    if not size.name:
        return found
    name = variable(size.name)
    return name if isinstance(value, Sym) else Dynamic(name, number(found))


def input_tensor(statement: syntax.Input, env: Environment) -> Tensor:
    """The tensor that an input declares; three sizes are an image, integers a sequence."""
    sizes = tuple([size_of(size, env, statement.name.name) for size in statement.sizes])
    if not 1 <= len(sizes) <= MOST_AXES:
        raise Fault(
            "rank-mismatch",
            statement.span,
            f"an input has 1 to {MOST_AXES} sizes, found {len(sizes)}",
        )
    if statement.integers is None:
        return Tensor(sizes, IMAGE_AXES[len(sizes)])
    integers = evaluate(statement.integers, env)
    if is_whole(integers) and integers < 1:
        raise Fault(
            "out-of-bounds",
            statement.integers.span,
            f"`int` takes how many integers there are, at least 1, found {integers}",
        )
    if not is_size(integers) or isinstance(integers, Dynamic):
        raise Fault(
            "type-mismatch",
            statement.integers.span,
            f"`int` takes how many integers there are, found {kind_of(integers)}",
        )
    axes = (LENGTH,) if len(sizes) == 1 else IMAGE_AXES[len(sizes)]
    return Tensor(sizes, axes, integers)


def redeclared(tensor: Tensor, numbers: Mapping[str, int]) -> Tensor:
    """The tensor with other numbers for its dynamic sizes, by their names."""
    if not numbers:
        return tensor
    sizes = tuple(
        Dynamic(size.form, numbers.get(str(size.form), size.size))
        if isinstance(size, Dynamic)
        else size
        for size in tensor.sizes
    )
    return replace(tensor, sizes=sizes)


def is_image(tensor: Tensor) -> bool:
    """Whether boxes can lie in an input: one of channels, height and width."""
    return tensor.rank == 3 and tensor.integers is None


def declare_output(run: "Run", statement: syntax.Output) -> None:
    """An output: a chain of its own, a label, or a name for the current tensor."""
    name = statement.name.name
    if statement.when_training and not isinstance(run.definition.node, syntax.Net):
        raise Fault("training-outside-net", statement.span, "`when training` stands in nets only")
    for other in run.outputs:
        if other.name == name and not statement.steps:  # a chain's name is a label, too
            raise Fault(
                "duplicate-output",
                statement.name.span,
                f"there is an output `{name}` already",
                related=(Related(other.span, "the first one is here"),),
            )
    ref = _output_value(run, statement, name)
    if statement.sizes is not None:
        _check_sizes(run, statement, ref)
    run.outputs.append(
        Named(name, ref.id, ref.tensor, statement.when_training, statement.name.span)
    )


def _check_sizes(run: "Run", statement: syntax.Output, ref: Ref) -> None:
    """Refuse an output that is not as it is declared."""
    name = statement.name.name
    declared = tuple([size_of(size, run, name) for size in statement.sizes or ()])
    if list(map(formula, declared)) != list(map(formula, ref.tensor.sizes)):
        raise Fault(
            "output-mismatch",
            statement.span,
            f"the output `{name}` is declared {show_sizes(declared)}, found {ref.tensor}",
            related=(Related(ref.span, f"{ref.tensor} comes from here"),) if ref.span else (),
        )


def _output_value(run: "Run", statement: syntax.Output, name: str) -> Ref:
    if statement.steps:
        value = _chain(run, statement, name)
    else:
        found = run.scope.find(name)
        if not is_label(found):
            _refuse_near(run, statement.name)
            found = run.here(statement.span)
        value = plain(known(found))
    if not isinstance(value, Ref):
        raise Fault(
            "not-a-tensor", statement.span, f"an output is a tensor, found {kind_of(value)}"
        )
    return value


def is_label(value: Any) -> bool:
    """Whether a value is what a label stands for."""
    return value is not None and not isinstance(value, int | float | str | tuple)


def _refuse_near(run: "Run", name: syntax.Name) -> None:
    """Refuse a name that is nearly a label, which would silently name another tensor."""
    labels = [key for key, value in run.scope.names.items() if isinstance(value, Ref | Scope)]
    meant = nearly(name.name, labels)
    if meant is not None:
        raise Fault(
            "unknown-label",
            name.span,
            f"no label is called `{name.name}`",
            help=f"did you mean `{meant}`?",
        )


def nearly(name: str, labels: list[str]) -> str | None:
    """The label that an output probably means: not the same, but for one or two letters."""
    meant = closest(name, labels)
    if meant is None or len(name) < 4 or abs(len(meant) - len(name)) > 1:
        return None
    return meant if meant[0] == name[0] and meant.rstrip("0123456789") != name else None


def _chain(run: "Run", statement: syntax.Output, name: str) -> Any:
    """The end of an output's own chain, which does not move the current tensor."""
    label = syntax.Label((name,), False, statement.name.span)
    current, side = run.current, run.side
    run.side = run.side or statement.when_training
    run.line_doc = statement.doc
    try:
        kind = form(statement.steps, run.makes)
        if kind is Form.GROUP:
            with run.group(label, name, statement.steps) as scope:
                run.chain(statement.steps)
            scope.value = run.current
        else:
            run.pending = (label, name) if kind is Form.MODULE else None
            run.chain(statement.steps)
        value = plain(known(run.current))
    finally:
        run.current, run.side, run.pending = current, side, None
    run.define(name, value, statement.name.span)
    return value


def net_outputs(run: "Run", instance: Instance) -> tuple[Named, ...]:
    """The main output first, then the declared ones in the order of their lines."""
    span = run.definition.node.name.span
    if not isinstance(instance.result, Ref):
        results = instance.result if type(instance.result) is tuple else ()
        unnamed = [
            Named(f"output{place}", ref.id, ref.tensor, False, span)
            for place, ref in enumerate(results)
        ]
        return (*unnamed, *run.outputs)
    result = instance.result
    main = next((o for o in run.outputs if o.id == result.id and not o.training), None)
    if main is None:
        main = Named(_label(run, result, instance), result.id, result.tensor, False, span)
    return (main, *(output for output in run.outputs if output is not main))


def _label(run: "Run", result: Ref, instance: Instance) -> str:
    """The label of the last tensor, or what one without a label is called."""
    inputs = dict(instance.inputs)
    for name in run.taken[0]:
        value = plain(run.scope.names.get(name))
        if isinstance(value, Ref) and value.id == result.id and name not in inputs:
            return name
    return "output"
