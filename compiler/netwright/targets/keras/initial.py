"""Initialisers as the configs that keras.applications writes: an instance would be shared."""

from typing import Any


def config(init: Any, by: float = 1.0) -> str | None:
    """The config of an initialiser, or the name of one that has no arguments; ``by`` is what its
    variance is multiplied by."""
    args = dict(init.args)
    fan = f"fan_{args.get('fan', 'in')}"
    normal = "truncated_normal" if init.truncated else "untruncated_normal"
    match init.name:
        case "he_normal" if init.truncated and fan == "fan_in" and by == 1:
            return '"he_normal"'
        case "he_normal":
            return _config("VarianceScaling", scale=2.0 * by, mode=fan, distribution=normal)
        case "he_uniform":
            return _config("VarianceScaling", scale=2.0 * by, mode=fan, distribution="uniform")
        case "glorot_normal" if init.truncated and by == 1:
            return '"glorot_normal"'
        case "glorot_normal":
            return _config("VarianceScaling", scale=by, mode="fan_avg", distribution=normal)
        case "glorot_uniform" if by == 1:
            return '"glorot_uniform"'
        case "glorot_uniform":
            return _config("VarianceScaling", scale=by, mode="fan_avg", distribution="uniform")
        case "normal":
            return _config("RandomNormal", stddev=args["std"])
        case "truncated_normal":
            return _config("TruncatedNormal", stddev=args["std"])
        case "uniform":
            return _config("RandomUniform", minval=-args["bound"], maxval=args["bound"])
        case "constant":
            value = next(iter(args.values()))
            plain = {0: '"zeros"', 1: '"ones"'}
            return plain.get(value) or _config("Constant", value=value)
        case "zeros" | "ones":
            return f'"{init.name}"'
        case "orthogonal":
            return '"orthogonal"'
    raise AssertionError(init.name)


def turned(init: Any) -> Any:
    """The same for a depthwise kernel, whose fans Keras counts the other way round."""
    other = {"in": "out", "out": "in"}
    args = tuple((key, other[value] if key == "fan" else value) for key, value in init.args)
    return type(init)(init.name, args)


def constant_name(init: Any) -> str:
    """``HE_NORMAL``."""
    return str(init.name).upper()


def _config(name: str, **args: object) -> str:
    items = ", ".join(f'"{key}": {_value(value)}' for key, value in args.items())
    return f'{{"class_name": "{name}", "config": {{{items}}}}}'


def _value(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
