"""Parley: a self-hosted messaging backend whose whole surface is one GraphQL schema."""

__version__ = "0.1.0"
