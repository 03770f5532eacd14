def cell_places(cells: Tensor) -> Tensor:
    """Column and row of every cell of a map, row by row, (cells, 1, 2)."""
    height, width = cells.shape[-2:]
    down = torch.arange(height, device=cells.device)
    along = torch.arange(width, device=cells.device)
    y, x = torch.meshgrid(down, along, indexing="ij")
    return torch.stack((x, y), dim=-1).reshape(-1, 1, 2)
