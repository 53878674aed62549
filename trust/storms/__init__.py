"""Send strange input, many messages at once."""
