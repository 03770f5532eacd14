"""Names that a target cannot have, each with the reason."""

import keyword

from netwright.source import Span
from netwright.values import Fault

_NAMES = """
T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda
double dump_patches eval extend extra_repr float forward get_buffer get_extra_state get_parameter
get_submodule half insert ipu load_state_dict modules mtia named_buffers named_children
named_modules named_parameters parameters pop register_backward_hook register_buffer
register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook
register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict
to to_empty train training type xpu zero_grad _apply _backward_hooks _backward_pre_hooks _buffers
_call_impl _compiled_call_impl _forward_hooks _forward_hooks_always_called
_forward_hooks_with_kwargs _forward_pre_hooks _forward_pre_hooks_with_kwargs _get_backward_hooks
_get_backward_pre_hooks _get_item_by_idx _get_name _is_full_backward_hook _load_from_state_dict
_load_state_dict_post_hooks _load_state_dict_pre_hooks _maybe_warn_non_full_backward_hook _modules
_named_members _non_persistent_buffers_set _parameters _register_load_state_dict_pre_hook
_register_state_dict_hook _replicate_for_data_parallel _save_to_state_dict _slow_forward
_state_dict_hooks _state_dict_pre_hooks _version _wrapped_call_impl
"""

MODULE = frozenset(_NAMES.split())
"""The attributes of `torch.nn.Module` and `torch.nn.Sequential`; a test compares."""

PARAMETERS = {
    "self": "the object in every method of Python",
    "name": "the name of a layer in Keras",
    "training_outputs": "the argument of a Keras model with side outputs",
}


def label_reason(name: str) -> str:
    """Why a module cannot be called so, or nothing."""
    if not name:
        return "a label has at least one letter or digit"
    if name in MODULE or name.startswith("__"):
        return f"every PyTorch module has a `{name}` of its own"
    if keyword.iskeyword(name):
        return f"`{name}` is a word of Python and cannot be an attribute"
    if "." in name:
        return "a dot parts the names of a path in PyTorch"
    if "/" in name:
        return "a name cannot hold `/` in Keras"
    return ""


def member_name(kind: str) -> str:
    """What a module without a label is called: its kind, unless that is PyTorch's own."""
    return f"{kind}_" if label_reason(kind) else kind


def reserved_label(name: str, reason: str, span: Span) -> Fault:
    """The mistake of a label that a target cannot have."""
    return Fault("reserved-label", span, f"`{name}` cannot be a label: {reason}")


def parameter_reason(name: str) -> str:
    """Why a parameter cannot be called so, or nothing."""
    if keyword.iskeyword(name):
        return f"`{name}` is a word of Python"
    return f"`{name}` is {PARAMETERS[name]}" if name in PARAMETERS else ""
