def zero_bias(layer: Any, _: Any = None) -> None:
    """The second bias of a recurrent layer is zero, and no weight."""
    names = [name for name in layer._flat_weights_names if name.startswith("bias_hh")]
    for name in names:
        zeros = torch.zeros_like(getattr(layer, name.replace("hh", "ih")).detach())
        layer._parameters.pop(name, None)
        layer.register_buffer(name, zeros, persistent=False)
    layer._init_flat_weights()


def one_bias(layer: Any, *, when: bool = True) -> Any:
    """A recurrent layer with one bias, also where its weights come from a file."""
    if when:
        zero_bias(layer)
        layer.register_load_state_dict_post_hook(zero_bias)
    return layer
