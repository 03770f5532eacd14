def prior_boxes(
    maps: Sequence[Tensor],
    frame: Tensor,
    scales: Sequence[float],
    ratios: Sequence[Sequence[float]],
    steps: Sequence[float] | None = None,
    clip: bool = False,
) -> Tensor:
    """Boxes around the centre of every cell as corners in pixels of the frame, (N, 4)."""
    sides = frame.new_tensor([frame.shape[-1], frame.shape[-2]])
    found = []
    for i, x in enumerate(maps):
        height, width = x.shape[-2:]
        rows = height if steps is None else frame.shape[-2] / steps[i]
        columns = width if steps is None else frame.shape[-1] / steps[i]
        side, between = scales[i], math.sqrt(scales[i] * scales[i + 1])
        pairs = [(side, side), (between, between)]
        for ratio in ratios[i]:
            wide, high = side * math.sqrt(ratio), side / math.sqrt(ratio)
            pairs += [(wide, high), (high, wide)]
        half = x.new_tensor(pairs)
        half = 0.5 * (half.clamp(0, 1) if clip else half)
        down = (torch.arange(height, device=x.device) + 0.5) / rows
        along = (torch.arange(width, device=x.device) + 0.5) / columns
        y, z = torch.meshgrid(down, along, indexing="ij")
        centre = torch.stack((z, y), dim=-1).reshape(-1, 1, 2)
        corners = torch.cat(((centre - half) * sides, (centre + half) * sides), dim=-1)
        found.append(corners.reshape(-1, 4))
    return torch.cat(found)
