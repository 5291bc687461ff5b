FROM python:3.13-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN python -m venv /opt/iletimerkezi-mcp && /opt/iletimerkezi-mcp/bin/pip install --no-cache-dir .

FROM python:3.13-slim
LABEL io.modelcontextprotocol.server.name="io.github.iletimerkezi-mcp/iletimerkezi-mcp" \
    org.opencontainers.image.source="https://github.com/iletimerkezi-mcp/iletimerkezi-mcp" \
    org.opencontainers.image.licenses="MIT"
RUN useradd --no-log-init --no-create-home --uid 10001 --home-dir /state --shell /usr/sbin/nologin iletimerkezi \
    && install -d -o iletimerkezi -m 700 /state
COPY --from=build /opt/iletimerkezi-mcp /opt/iletimerkezi-mcp
ENV PATH=/opt/iletimerkezi-mcp/bin:$PATH ILETIMERKEZI_STATE_DIR=/state
USER 10001
VOLUME /state
EXPOSE 8000
ENTRYPOINT ["iletimerkezi-mcp"]
