def scaled_normal_(weight: Tensor, scale: float, mode: str) -> Tensor:
    """Normal values of variance scale / fan, drawn again outside of two deviations."""
    inputs, outputs = weight[0].numel(), weight[:, 0].numel()
    fans = {"fan_in": inputs, "fan_out": outputs, "fan_avg": (inputs + outputs) / 2}
    std = (scale / fans[mode]) ** 0.5 / 0.87962566103423978  # what the cut leaves of it
    return nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)
