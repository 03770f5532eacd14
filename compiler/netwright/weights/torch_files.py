"""Files that hold weights under PyTorch's names: `.pth`, `.pt` and `.safetensors`."""

from collections.abc import Mapping
from typing import Any

from netwright.weights.files import Format
from netwright.weights.published import unwrapped
from netwright.weights.state import WeightsError


def read(path: str, kind: Format) -> Mapping[str, Any]:
    """The arrays of a file by name."""
    return _read_safetensors(path) if kind is Format.SAFETENSORS else _read_pickle(path)


def write(path: str, kind: Format, state: Mapping[str, Any]) -> None:
    """Write arrays by name."""
    if kind is Format.SAFETENSORS:
        from safetensors.numpy import save_file

        save_file(dict(state), path)
        return
    import torch

    torch.save({name: torch.from_numpy(array.copy()) for name, array in state.items()}, path)


def _read_safetensors(path: str) -> Mapping[str, Any]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        loaded: Mapping[str, Any] = load_file(path)
    except SafetensorError as error:
        raise WeightsError(f"cannot read `{path}`: {error}") from error
    return loaded


def _read_pickle(path: str) -> Mapping[str, Any]:
    import torch

    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:
        said = str(error).strip().partition("\n")[0]
        raise WeightsError(
            f"cannot read `{path}`: {said}", "it must hold tensors alone, as a state dict does"
        ) from error
    if not isinstance(found, Mapping):
        raise WeightsError(f"`{path}` holds no state dict but a {type(found).__name__}")
    return {
        name: _array(value)
        for name, value in unwrapped(found).items()
        if isinstance(value, torch.Tensor)
    }


def _array(tensor: Any) -> Any:
    """A tensor as an array; numpy has no bfloat16."""
    import torch

    return (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy()
