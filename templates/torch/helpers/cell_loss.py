def cell_loss(
    codes: Tensor,
    matches: Sequence[Match],
    cells: Tensor,
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    *,
    pull: float = 0.0,
) -> Tensor:
    """How far boxes in cells are from the true ones: half the squares, summed."""
    labels = torch.stack([match.labels for match in matches])[..., None]
    truth = torch.stack([match.truth for match in matches])
    image = truth.new_tensor([frame.shape[-1], frame.shape[-2]])
    anchors = truth.new_tensor(sizes)
    corner = cell_places(cells).expand(-1, len(anchors), -1).flatten(0, 1)
    anchors = anchors.repeat(len(corner) // len(anchors), 1)
    step = image / truth.new_tensor([cells.shape[-1], cells.shape[-2]])
    side = truth[..., 2:] - truth[..., :2]
    centre = (truth[..., :2] + side / 2) / step - corner
    weight = 2 - (side / image).prod(dim=-1, keepdim=True)
    mine = labels > 0
    weight = torch.where(mine, weight, pull)
    centre = torch.where(mine, centre, 0.5)
    growth = torch.where(mine, (side / step / anchors).clamp(min=1e-9).log(), 0)
    place = codes[..., :2].sigmoid() - centre
    off = torch.cat((place, codes[..., 2:] - growth), dim=-1)
    return 0.5 * (weight * off.square()).sum()
