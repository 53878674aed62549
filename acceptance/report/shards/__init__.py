"""A run that is divided among machines: what each shard keeps, and how they become one report again."""
