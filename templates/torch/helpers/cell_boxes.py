def cell_boxes(
    codes: Tensor, cells: Tensor, frame: Tensor, sizes: Sequence[Sequence[float]]
) -> Tensor:
    """Boxes as YOLO codes them, in the cells of a map, as corners in pixels, (B, N, 4)."""
    height, width = cells.shape[-2:]
    codes = codes.reshape(len(codes), -1, len(sizes), 4)
    centre = cell_places(cells) + codes[..., :2].sigmoid()
    half = 0.5 * codes.new_tensor(sizes) * codes[..., 2:].exp()
    step = codes.new_tensor([frame.shape[-1] / width, frame.shape[-2] / height])
    corners = torch.cat(((centre - half) * step, (centre + half) * step), dim=-1)
    return corners.flatten(1, 2)
