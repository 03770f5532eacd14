def grid_anchors(
    maps: Sequence[Tensor],
    frame: Tensor,
    sizes: Sequence[Sequence[float]],
    ratios: Sequence[Sequence[float]],
    scales: Sequence[float] = (1,),
    centred: bool = False,
) -> Tensor:
    """Anchors at every cell of each map as corners in pixels of the frame, (N, 4)."""
    found = []
    for x, sides, shapes in zip(maps, sizes, ratios):
        rows, columns = x.shape[-2:]
        side = x.new_tensor([size * scale for size in sides for scale in scales])
        high = x.new_tensor(shapes).sqrt()[:, None]
        w, h = (side / high).flatten(), (side * high).flatten()
        boxes = (torch.stack((-w, -h, w, h), dim=1) / 2).round()
        place = 0.5 if centred else 0
        down = (torch.arange(rows, device=x.device) + place) * (frame.shape[-2] // rows)
        along = torch.arange(columns, device=x.device) + place
        along = along * (frame.shape[-1] // columns)
        top, left = torch.meshgrid(down, along, indexing="ij")
        places = torch.stack((left, top, left, top), dim=-1).reshape(-1, 1, 4)
        found.append((places + boxes).reshape(-1, 4))
    return torch.cat(found)
