"""Specs from Python: `netwright.load("resnet.net")["ResNet50"]`, and what is known of a net."""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from netwright.diagnostics import Diagnostic, Report, Severity, SpecError
from netwright.files import DiskFiles
from netwright.instance import Instance
from netwright.kinds import type_of
from netwright.ledger import Row, rows
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, CheckedNet, UnknownArgument, check, expression, given_values
from netwright.spelling import nearest
from netwright.syntax import Expr, File

if TYPE_CHECKING:
    from types import ModuleType

    from netwright.dynamic import Constraints
    from netwright.freeze import Freeze

Format = Literal["svg", "png", "pdf", "dot", "mmd", "html"]
Target = Literal["torch", "keras"]


def load(path: str | os.PathLike[str]) -> "Nets":
    """The nets of a spec; `SpecError` with everything that is wrong with it."""
    with open(path, "rb") as file:
        return _nets(os.fspath(path), file.read())


def loads(text: str, path: str = "<text>") -> "Nets":
    """The nets of a spec that is given as text; what it imports is looked for beside ``path``."""
    return _nets(path, text.encode())


def picture(
    path: str | os.PathLike[str],
    format: Format = "svg",
    *,
    net: str = "",
    detail: int | None = None,
    theme: str = "auto",
    expand: Iterable[str] = (),
) -> bytes:
    """A net of a spec as `Net.draw` has it, or with a mistake, which `load` refuses, up to that.

    `SpecError` where there is a mistake and it stands in no net, or in several and none is named;
    `UnknownNet` where nothing says which of several is meant.
    """
    from netwright.draw import draw

    with open(path, "rb") as file:
        checked, report = _checked(os.fspath(path), file.read())
    names = (net,) if net else ()
    found = checked.up_to_mistakes(names) if report.failed else None
    if found is None:
        _raise(report)
        every = Nets(checked)
        if not net and len(every) != 1:
            raise UnknownNet(f"say which net by `net`: there are {len(every)}")
        found = every[net or next(iter(every))]._net
    return draw(checked, found, format, detail=detail, theme=theme, expand=expand)


def _nets(path: str, data: bytes) -> "Nets":
    checked, report = _checked(path, data)
    _raise(report)
    return Nets(checked)


def _checked(path: str, data: bytes) -> tuple[Checked, Report]:
    report = Report()
    _, file = parse_bytes(path, data, report)
    return check(file, DiskFiles(), report), report


def _raise(report: Report) -> None:
    errors = tuple(one for one in report.diagnostics if one.severity is Severity.ERROR)
    if errors:
        raise SpecError(errors)


class UnknownNet(KeyError):
    """A name of a net that the spec does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


class Nets(Mapping[str, "Net"]):
    """The nets of a spec by name, in the order of the text."""

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._nets = {net.name: Net(checked, net, {}) for net in checked.nets}

    def __getitem__(self, name: str) -> "Net":
        if name in self._nets:
            return self._nets[name]
        known = f"the nets are {', '.join(self._nets)}" if self._nets else "there is none"
        raise UnknownNet(f"no net {name!r}: {nearest(name, self._nets) or known}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._nets)

    def __len__(self) -> int:
        return len(self._nets)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The warnings."""
        return self._checked.diagnostics

    def __repr__(self) -> str:
        return f"<Nets {', '.join(self._nets)}>"


class Net:
    """One net with its arguments: its counts, its lines, and what can be made of it."""

    def __init__(
        self,
        checked: Checked,
        net: CheckedNet,
        settings: Mapping[str, Expr],
        freeze: "Freeze | None" = None,
    ) -> None:
        self._checked = checked
        self._net = net
        self._settings = dict(settings)
        self._freeze = freeze

    def __call__(self, **arguments: Any) -> "Net":
        """The same net with other arguments, given as Python values.

        What Python has no value for is given as a text of the spec, ``unit="bottleneck"``. An
        argument that the net does not have is a `TypeError`, one that does not fit a `SpecError`.
        """
        if not arguments:
            return self
        given = {name: self._expression(name, value) for name, value in arguments.items()}
        settings, report = {**self._settings, **given}, Report()
        try:
            checked = check(self._file, DiskFiles(), report, settings=settings)
        except UnknownArgument as unknown:
            raise TypeError(str(unknown)) from unknown
        found = next((net for net in checked.nets if net.name == self.name), None)
        if found is None:
            _raise(report)
            raise TypeError(f"{self.name} cannot be made with these arguments")
        return Net(checked, found, settings, self._freeze)

    def frozen(self, parts: str) -> "Net":
        """The same net with parts that do not train: ``"all but fc"``, ``"conv1 layer1"``.

        So they are in the source, and in what is built of it: their weights and the statistics of
        their batch norms stay as they are. A name that the net does not have is a `ValueError`.
        """
        from netwright import freeze

        meant = freeze.parse(parts)
        freeze.frozen(meant, [(self.name, self.instance)])
        return Net(self._checked, self._net, self._settings, meant)

    def _expression(self, name: str, value: Any) -> Expr:
        """A Python value as an expression of the spec."""
        kinds = {param.name.name: type_of(param) for param in self._net.instance.definition.params}
        kind = kinds.get(name)
        if kind == "kernel" and isinstance(value, list | tuple):  # as the constructors take it
            return expression("x".join(map(str, value)), name)
        return expression(written(value, quote=kind == "text"), name)

    @property
    def _file(self) -> File:
        return self._checked.program.main.file

    @property
    def name(self) -> str:
        """The name in the spec."""
        return self._net.name

    @property
    def spec(self) -> Nets:
        """All nets of its spec."""
        return Nets(self._checked)

    @property
    def instance(self) -> Instance:
        """The net bound to its arguments: its steps, with shapes and weights."""
        return self._net.instance

    @property
    def params(self) -> int:
        """Number of scalars that train."""
        return self._net.instance.totals.params

    @property
    def total_params(self) -> int:
        """Number of scalars that train, and of those in running statistics."""
        return self._net.instance.totals.total_params

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations for one example."""
        return self._net.instance.totals.macs

    @cached_property
    def lines(self) -> tuple[Row, ...]:
        """Every layer at work, in the order of computation."""
        return tuple(rows(self._net.instance))

    @cached_property
    def depth(self) -> int:
        """Number of layers with weights on the longest path, as the papers count."""
        from netwright import count

        return count.depth(self._net.instance)

    @cached_property
    def constraints(self) -> "Constraints | None":
        """What its dynamic sizes must be; none where that cannot be told."""
        from netwright.dynamic import constraints

        return constraints(self._checked.binder, self._net)

    def torch(self) -> str:
        """The source of a PyTorch module with this net."""
        return self._source("torch")

    def keras(self) -> str:
        """The source of a Keras module with this net."""
        return self._source("keras")

    def torch_module(self, **arguments: Any) -> Any:
        """The net as a `torch.nn.Module`; ``arguments`` are those of its constructor."""
        return self._made("torch", arguments)

    def keras_model(self, **arguments: Any) -> Any:
        """The net as a `keras.Model`; ``arguments`` are those of its constructor."""
        return self._made("keras", arguments)

    def draw(
        self,
        format: Format = "svg",
        *,
        detail: int | None = None,
        theme: str = "auto",
        expand: Iterable[str] = (),
    ) -> bytes:
        """The net as a picture, or as the text of one; blocks named in ``expand`` are open."""
        from netwright.draw import draw

        return draw(self._checked, self._net, format, detail=detail, theme=theme, expand=expand)

    def _repr_svg_(self) -> str | None:
        """The picture that notebooks show; none where there is no Graphviz."""
        from netwright.draw import CannotDraw

        try:
            return self.draw().decode()
        except CannotDraw:
            return None

    def _source(self, target: Target) -> str:
        from netwright.emit import emit

        values = given_values(self._net.definition, self._settings)
        return emit(self._checked, target, (self._net,), values, self._freeze)

    def _made(self, target: Target, arguments: Mapping[str, Any]) -> Any:
        name = self.name.lower()
        module = _module(self._source(target), f"{name}_{target}")
        taken = target == "keras" and not hasattr(module, name)  # a word of Python, or a parameter
        return getattr(module, f"{name}_net" if taken else name)(**arguments)

    def __repr__(self) -> str:
        return f"<Net {self.name}: {self.params:,} params, {self.macs:,} MACs>"


def written(value: Any, *, quote: bool) -> str:
    """A Python value as a spec writes it; texts in quotes, or as they are."""
    match value:
        case None | bool():
            return str(value).lower()
        case str():
            escaped = "".join(f"\\{char}" if char in '\\"{}' else char for char in value)
            return f'"{escaped}"' if quote else value
        case int() | float():
            return repr(value)
        case list() | tuple() | range():
            return f"[{', '.join(written(item, quote=quote) for item in value)}]"
    raise TypeError(f"no spec can say {value!r}")


def _module(source: str, name: str) -> "ModuleType":
    """The emitted source as a module that tracebacks and `inspect` can read; made once."""
    import linecache
    import sys
    from hashlib import sha256
    from types import ModuleType

    name = f"{name}_{sha256(source.encode()).hexdigest()[:12]}"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__file__ = f"<{name}>"
        lines = source.splitlines(keepends=True)
        linecache.cache[module.__file__] = (len(source), None, lines, module.__file__)
        sys.modules[name] = module
        try:
            exec(compile(source, module.__file__, "exec"), module.__dict__)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]
