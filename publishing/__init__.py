"""The committed files that hosts and registries read, made from the code; not part of the package.

``python -m publishing`` writes them; ``python -m publishing --check`` and a test say if one is stale.
"""
