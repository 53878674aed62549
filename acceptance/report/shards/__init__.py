"""A run that is divided among machines: what each shard keeps, and how the shards are merged into one report."""
