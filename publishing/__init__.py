"""Makes every committed file that hosts and registries read, from the code; not part of the package.

``python -m publishing`` writes them; a test says when one is not what the code makes of it.
"""
