"""The container: ``Dockerfile`` and ``.dockerignore``.

It starts without credentials and speaks stdio, so that directories can look at the server by listing its tools.
Serving over the network has to be configured (``docs/remote.md``), because it needs a token.
"""

from __future__ import annotations

from typing import Final

from .project import LICENSE, NAMESPACE, PACKAGE, REPOSITORY

SOURCES: Final = ("pyproject.toml", "README.md", "LICENSE", "src")
"""The files that the package is built from; nothing else of the checkout reaches the container's builder."""

IMAGE: Final = "python:3.13-slim"
"""Both stages start from it: the second one takes over the first one's virtual environment."""

USER_ID: Final = 10_001
"""Not root, and the same in every build, so that a volume's files keep their owner."""


def dockerfile() -> str:
    """Return two stages: one builds the package from the checkout, the other runs it, without root, with its state in a volume."""
    *files, folder = SOURCES
    home = f"/opt/{PACKAGE}"
    return f"""\
FROM {IMAGE} AS build
WORKDIR /build
COPY {" ".join(files)} ./
COPY {folder} {folder}
RUN python -m venv {home} && {home}/bin/pip install --no-cache-dir .

FROM {IMAGE}
LABEL io.modelcontextprotocol.server.name="{NAMESPACE}" \\
    org.opencontainers.image.source="{REPOSITORY}" \\
    org.opencontainers.image.licenses="{LICENSE}"
RUN useradd --no-log-init --no-create-home --uid {USER_ID} --home-dir /state --shell /usr/sbin/nologin iletimerkezi \\
    && install -d -o iletimerkezi -m 700 /state
COPY --from=build {home} {home}
ENV PATH={home}/bin:$PATH ILETIMERKEZI_STATE_DIR=/state
USER {USER_ID}
VOLUME /state
EXPOSE 8000
ENTRYPOINT ["{PACKAGE}"]
"""


def dockerignore() -> str:
    """Ignore everything but :data:`SOURCES`: no key in a local file can slip into an image."""
    return "\n".join(["*", *(f"!{source}" for source in SOURCES), "**/__pycache__", ""])
