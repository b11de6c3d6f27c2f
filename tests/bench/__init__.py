"""Benchmarks: the real server against a bare uvicorn socket in the same run. `python -m tests.bench.<name>`."""
