"""Who is typing now: never stored, bus only, dies by itself."""
