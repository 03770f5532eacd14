def one_bias(layer: nn.RNNBase, *, when: bool = True) -> nn.RNNBase:
    """A recurrent layer of whose two biases one stays zero, and is no weight."""
    for name, parameter in list(layer.named_parameters()):
        if when and name.startswith("bias_hh"):
            delattr(layer, name)
            zeros = torch.zeros_like(parameter)
            layer.register_buffer(name, zeros, persistent=False)
    layer._init_flat_weights()
    return layer
