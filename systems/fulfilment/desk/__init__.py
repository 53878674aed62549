"""What the five programs share: the terminal, the login, the tables, and the rules of an order's way."""
