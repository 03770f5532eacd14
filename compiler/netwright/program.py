"""A spec with everything that it imports: definitions by name, each with the file it stands in."""

from collections.abc import Callable, Iterator
from typing import Any

from netwright import syntax
from netwright.diagnostics import Report
from netwright.ops import find as ops
from netwright.source import Source, Span
from netwright.spelling import nearest
from netwright.values import Fault

Node = syntax.Block | syntax.Net | syntax.Variant | syntax.Function | syntax.Extern


class Definition:
    """A block, net, function or extern as it was written, and the file that its names mean."""

    __slots__ = ("home", "name", "node")

    def __init__(self, name: str, node: Node, home: "Module") -> None:
        self.name = name
        self.node = node
        self.home = home

    @property
    def params(self) -> tuple[syntax.Param, ...]:
        """Its parameters; those of a variant are of the net that it varies."""
        return () if isinstance(self.node, syntax.Variant) else self.node.params

    def __repr__(self) -> str:
        return f"Definition({self.name})"


class Module:
    """One file: its definitions, constants and imports."""

    __slots__ = ("constants", "file", "imports", "lets", "names", "program", "sets")

    def __init__(self, file: syntax.File, program: "Program") -> None:
        self.file = file
        self.program = program
        self.names: dict[str, Definition | Module | syntax.Let] = {}
        self.imports: list[Module] = []
        self.lets: dict[str, Module] = {}
        self.constants: dict[str, Any] = {}
        self.sets: list[syntax.Set] = []

    @property
    def source(self) -> Source:
        """The text of the file."""
        return self.file.source

    def definitions(self) -> Iterator[Definition]:
        """What this file itself declares, in its order."""
        for name in self.names.values():
            if isinstance(name, Definition) and name.home is self:
                yield name


class Program:
    """The main file, and every file in the order in which they were first read."""

    __slots__ = ("main", "modules")

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.main: Module

    def nets(self) -> list[Definition]:
        """The nets and variants of the main file."""
        return [d for d in self.main.definitions() if isinstance(d.node, syntax.Net | syntax.Variant)]


Finder = Callable[[str, tuple[str, ...]], "tuple[str, Callable[[], tuple[Source, syntax.File]]] | None"]


class Files:
    """Where imports are looked for; the command line and the tests each have their own."""

    def find(self, importer: str, path: tuple[str, ...]) -> str | None:
        """The path of the file that ``use`` means, or none."""
        raise NotImplementedError

    def read(self, path: str, report: Report) -> syntax.File:
        """The parsed file."""
        raise NotImplementedError

    def near(self, importer: str, path: tuple[str, ...]) -> list[str]:
        """Names of files that stand where it was looked for: for suggestions."""
        raise NotImplementedError


def load(main: syntax.File, files: Files, report: Report) -> Program:
    """Read what a file imports, and bind every name at the top of each file."""
    program = Program()
    program.main = _module(main, program, files, report, ())
    return program


def _module(file: syntax.File, program: Program, files: Files, report: Report, chain: tuple[str, ...]) -> Module:
    module = Module(file, program)
    program.modules[file.source.path] = module
    for declaration in file.declarations:
        try:
            _declare(module, declaration, files, report, (*chain, file.source.path))
        except Fault as fault:
            report.add(fault.diagnostic)
    return module


def _declare(module: Module, declaration: syntax.Declaration, files: Files, report: Report, chain: tuple[str, ...]) -> None:
    match declaration:
        case syntax.Import():
            _import(module, declaration, files, report, chain)
        case syntax.Set():
            module.sets.append(declaration)
        case syntax.Let():
            for target in declaration.targets:
                _bind(module, target.name, declaration, target.span)
        case _:
            name = declaration.name.name
            _bind(module, name, Definition(name, declaration, module), declaration.name.span)


def _bind(module: Module, name: str, value: "Definition | Module | syntax.Let", span: Span) -> None:
    if name in module.names:
        raise Fault("duplicate-name", span, f"`{name}` is declared twice in this file", related=_declared(module.names[name]))
    if isinstance(value, Definition) and ops.find(name) is not None and not isinstance(value.node, syntax.Net | syntax.Variant):
        raise Fault("duplicate-name", span, f"`{name}` is a layer of the language", help="choose another name for the block")
    module.names[name] = value


def _declared(value: "Definition | Module | syntax.Let") -> tuple[Any, ...]:
    from netwright.diagnostics import Related

    if isinstance(value, Definition):
        return (Related(value.node.name.span, f"`{value.name}` is declared here first"),)
    return (Related(value.span, "declared here first"),) if isinstance(value, syntax.Let) else ()


def _import(module: Module, use: syntax.Import, files: Files, report: Report, chain: tuple[str, ...]) -> None:
    shown = "/".join(use.path) if use.quoted else ".".join(use.path)
    if any(part in ("..", "", ".") or part.startswith(("/", "~")) or "\\" in part or ":" in part for part in use.path):
        raise Fault("use-outside", use.path_span, f"`{shown}` leads outside: a spec reads files of its own folders only")
    path = files.find(module.source.path, use.path)
    if path is None:
        raise Fault("unknown-file", use.path_span, f"no file `{'/'.join(use.path)}.net` for `use {shown}`", help=nearest(use.path[-1], files.near(module.source.path, use.path)))
    if path in chain:
        ring = [*chain[chain.index(path) :], path]
        names = " -> ".join(name.rsplit("/", 1)[-1].removesuffix(".net") for name in ring)
        raise Fault("circular-use", use.span, f"files import each other in a circle: {names}")
    program = module.program
    imported = program.modules.get(path)
    if imported is None:
        imported = _module(files.read(path, report), program, files, report, chain)
    module.imports.append(imported)
    if use.alias is not None or not use.names:
        name = use.alias.name if use.alias else use.path[-1]
        _bind(module, name, imported, use.alias.span if use.alias else use.path_span)
    for name in use.names:
        found = imported.names.get(name.name)
        if found is None:
            report.error("unknown-import", name.span, f"`{shown}` has no `{name.name}`", help=nearest(name.name, imported.names))
        elif isinstance(found, syntax.Let):
            _bind(module, name.name, found, name.span)
            module.lets[name.name] = imported
        elif name.name in module.names and module.names[name.name] is not found:
            _bind(module, name.name, found, name.span)
        else:
            module.names[name.name] = found
