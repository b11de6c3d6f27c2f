"""Two servers as other teams would write them, and how the benchmark asks them the same as Parley."""
