def sample_matches(
    matches: Iterable[Match], number: int, positive: float, *, drop: bool = False
) -> list[Match]:
    """Some matches of each image by chance, with an object and without; of all others the
    label becomes -1, or they go.
    """
    found = []
    for match in matches:
        labels = match.labels
        some, none = torch.where(labels > 0)[0], torch.where(labels == 0)[0]
        count = min(len(some), int(number * positive))
        some = some[torch.randperm(len(some), device=some.device)[:count]]
        count = min(len(none), number - count)
        none = none[torch.randperm(len(none), device=none.device)[:count]]
        rows = torch.cat((some, none)).sort().values
        if drop:
            found.append(Match(*(each[rows] for each in match)))
        else:
            drawn = torch.full_like(labels, -1)
            drawn[rows] = labels[rows]
            found.append(match._replace(labels=drawn))
    return found
