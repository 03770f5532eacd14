def candidates(
    boxes: Tensor, scores: Tensor, least: float, pre: int | None, background: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes, scores and labels above the least score; of each class no more than some."""
    first = 1 if background else 0
    if pre is None:
        place, label = torch.where(scores[:, first:] > least)
        label = label + first
    elif torch.compiler.is_exporting():  # without a number that depends on scores
        best, rows = scores[:, first:].T.topk(min(pre, len(scores)))
        label, rank = torch.where(best > least)
        place, label = rows[label, rank], label + first
    else:
        places, labels = [], []
        for each in range(first, scores.shape[1]):
            rows = torch.where(scores[:, each] > least)[0]
            best = scores[rows, each].topk(min(pre, len(rows))).indices
            places.append(rows[best])
            labels.append(torch.full_like(rows[best], each))
        place, label = torch.cat(places), torch.cat(labels)
    chosen = boxes[place] if boxes.dim() == 2 else boxes[place, label]
    return chosen, scores[place, label], label
