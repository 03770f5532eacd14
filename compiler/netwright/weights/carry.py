"""Weights from one file to another: read, put under PyTorch's names, checked, and written."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from netwright.record import record
from netwright.spelling import nearest
from netwright.weights.files import Format, format_of, needs, replace
from netwright.weights.state import Fit, WeightsError, fitted, matches
from netwright.weights.table import Table, table

if TYPE_CHECKING:
    from netwright.api import Net

KERAS = (Format.KERAS, Format.LEGACY)


@record
class Carried:
    """What went from one file to another: names in the state dict, and numbers of scalars.

    ``left_out`` was asked to be, ``homeless`` has no place in a Keras model, and ``unused`` none in
    the net; ``names`` are those of the file where they are not those of the net.
    """

    names: tuple[str, ...]
    scalars: int
    left_out: tuple[str, ...]
    homeless: tuple[str, ...]
    unused: tuple[str, ...]
    other_names: Mapping[str, str]


def carry(net: "Net", source: str, target: str, *, leave_out: Iterable[str] = ()) -> Carried:
    """Write the weights of a file for another framework or in another format.

    The formats are told by the endings. ``leave_out`` are names or patterns of weights or of what
    they are part of, ``fc`` or ``classifier.*``; in a file of Keras they start as a new model does.
    `WeightsError` where something does not fit; then nothing is written.
    """
    known, kind = table(net.name, net.instance), format_of(target)
    if kind is Format.CAFFE:
        raise WeightsError(f"files of Caffe are read, not written: `{target}`")
    fit = fitting(net, source, known, leave_out)
    homeless: list[str] = []
    with needs(target, kind.value):
        replace(target, lambda path: homeless.extend(write(net, path, kind, fit.weights)))
    return _carried(fit, known, tuple(homeless))


def fits(net: "Net", source: str, *, leave_out: Iterable[str] = ()) -> Carried:
    """Make sure that a file fits a net, by `WeightsError`; gives what would be carried."""
    known = table(net.name, net.instance)
    return _carried(fitting(net, source, known, leave_out), known, ())


def _carried(fit: Fit, known: Table, homeless: tuple[str, ...]) -> Carried:
    went = tuple(name for name in fit.weights if name not in homeless)
    scalars = sum(fit.weights[name].size for name in went if known.weights[name].counted)
    left_out = tuple(name for name in known.weights if name not in fit.weights)
    return Carried(went, scalars, left_out, homeless, fit.unused, fit.names)


def fitting(net: "Net", source: str, known: Table, leave_out: Iterable[str]) -> Fit:
    """The weights of a file, which fit the net."""
    patterns, kind = tuple(leave_out), format_of(source)
    with needs(source, kind.value):
        state = read(net, source, kind, patterns)
        refuse_idle(patterns, known, state)
        return fitted(state, known, patterns)


def refuse_idle(patterns: Iterable[str], known: Table, state: Iterable[str]) -> None:
    """Refuse a pattern that means no weight, of the net or of a file."""
    names = [*known.weights, *state]
    paths = {name.rpartition(".")[0] for name in known.weights} | set(known.weights)
    for pattern in patterns:
        if not any(matches(name, (pattern,)) for name in names):
            tops = dict.fromkeys(path.partition(".")[0] for path in known.weights)
            help = nearest(pattern, paths) or f"it is made of {', '.join(tops)}"
            raise WeightsError(f"no weight of {known.net} is `{pattern}`", help)


def read(net: "Net", path: str, kind: Format, leave_out: tuple[str, ...]) -> Mapping[str, Any]:
    """The arrays of a file under PyTorch's names; what is left out may lack, or not fit."""
    try:
        with open(path, "rb"):
            pass
        if kind in KERAS:
            from netwright.weights import keras_files

            return keras_files.read(path, kind, net, leave_out)
        if kind is Format.DARKNET:
            from netwright.weights import darknet

            return darknet.read(path, net)
        if kind is Format.CAFFE:
            from netwright.weights import caffe

            return caffe.read(path, net)
        from netwright.weights import torch_files

        return torch_files.read(path, kind)
    except OSError as error:
        reason = (error.strerror or str(error).partition("\n")[0]).lower()
        raise WeightsError(f"cannot read `{path}`: {reason}") from error


def write(net: "Net", path: str, kind: Format, state: Mapping[str, Any]) -> tuple[str, ...]:
    """Write a file; gives the names that have no place in it."""
    if kind in KERAS:
        from netwright.weights import keras_files

        return keras_files.write(path, kind, net, state)
    if kind is Format.DARKNET:
        from netwright.weights import darknet

        darknet.write(path, net, state)
        return ()
    from netwright.weights import torch_files

    torch_files.write(path, kind, state)
    return ()
