"""Fault tests: real `serve` processes, PostgreSQL and Valkey, killed and cut while a checker keeps the books."""
