"""What the operator decides, as values, and how a wrong one is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from iletimerkezi_mcp.language import Language, Text, verbatim
from iletimerkezi_mcp.sms.alphabet import CharacterMode

ConfirmMode = Literal["auto", "human", "code"]
"""Who may say yes: `auto` a person where the host can ask one, else a code; `human` a person only; `code` a code."""

TransportName = Literal["stdio", "sse", "streamable-http"]

AuditText = Literal["none", "commercial"]
"""Which texts the audit log keeps."""

DEFAULT_TYPE_COUNT_FROM = 100
"""Recipients or consents from which a person has to type their number."""

DEFAULT_MAX_RECIPIENTS = 1_000
"""Recipients of one text within an hour."""

NO_LIMIT = 0
"""The value of `max_credits_per_day` that lifts it."""

DEFAULT_API_URL = "https://api.iletimerkezi.com"
"""The provider's origin (contract, section 1)."""

SANDBOX_SENDER, SANDBOX_BRAND_CODE = "FIRMAADI", "123456"
"""What the sandbox begins with where the operator names no sender and no brand code, so that nothing has to be set."""

DEFAULT_HOST, DEFAULT_PORT, LARGEST_PORT = "127.0.0.1", 8000, 65_535

DEFAULT_GRACE = 10
"""Seconds that calls under way may still take when the server is told to stop on the network."""


class SettingsError(ValueError):
    """A setting has a value that cannot be used. `reason` is one sentence that names the variable."""

    def __init__(self, reason: Text | str) -> None:
        self.reason = verbatim(reason)
        super().__init__(self.reason.en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the operator decides.

    `api_key` and `api_hash` are taken as given and never shown: not in a repr, a log or an answer.
    `character_mode` None means that nobody has told which mode the account's panel is set to. Empty tuples
    allow all; `max_credits_per_day` None is ten times `max_recipients`, and :data:`NO_LIMIT` lifts it.
    """

    api_key: SecretStr | None = None
    api_hash: SecretStr | None = None
    api_url: str = DEFAULT_API_URL
    sender: str | None = None
    brand_code: str | None = None
    character_mode: CharacterMode | None = None
    abroad: bool = False
    language: Language = "en"
    state_dir: Path | None = None
    sandbox: bool = False
    confirm: ConfirmMode = "auto"
    type_count_from: int = DEFAULT_TYPE_COUNT_FROM
    read_only: bool = False
    tools: tuple[str, ...] = ()
    allowed_recipients: tuple[str, ...] = ()
    allowed_senders: tuple[str, ...] = ()
    max_recipients: int = DEFAULT_MAX_RECIPIENTS
    max_credits_per_day: int | None = None
    allow_commercial: bool = True
    mask_numbers: bool = False
    audit_log: Path | None = None
    audit_text: AuditText = "none"
    operator_name: str | None = None
    transport: TransportName = "stdio"
    http_host: str = DEFAULT_HOST
    http_port: int = DEFAULT_PORT
    http_path: str | None = None
    http_token: SecretStr | None = None
    no_auth: bool = False
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    stateless: bool = False
    grace: int = DEFAULT_GRACE

    @property
    def has_credentials(self) -> bool:
        """Whether both key and hash are set."""
        return self.api_key is not None and self.api_hash is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not leave the process."""
        tokens = () if self.http_token is None else token_secrets(self.http_token.get_secret_value())
        keys = (secret.get_secret_value() for secret in (self.api_key, self.api_hash) if secret is not None)
        return (*keys, *tokens)

    @property
    def operator(self) -> str:
        """Who runs this server: the name that was set, else the login name, else "unknown"."""
        if self.operator_name is not None:
            return self.operator_name
        import getpass

        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return "unknown"


def token_secrets(value: str) -> tuple[str, ...]:
    """The secrets in a list of tokens, each bare or after its name and a colon."""
    parts = [part.strip() for part in value.split(",")]
    return tuple(part.partition(":")[2] or part for part in parts if part)
