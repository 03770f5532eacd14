def affine(norm: nn.Module, *, weight: bool = True, bias: bool = True) -> nn.Module:
    """A normalisation that learns its factors, its offsets, both or neither."""
    if not weight:
        norm.register_parameter("weight", None)
    if not bias:
        norm.register_parameter("bias", None)
    return norm
