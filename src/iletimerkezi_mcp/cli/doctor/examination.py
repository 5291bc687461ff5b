"""The examination: everything looked at in its order, each finding reported as soon as it is known."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE
from iletimerkezi_mcp.server.account import credentials_of, network_for
from iletimerkezi_mcp.settings import CREDENTIALS, NETWORK, Settings, SettingsError
from iletimerkezi_mcp.sms.clock import Clock, system_clock

from .account import ACCOUNT_FIRST, account_finding, brand_code_finding, sender_findings
from .address import address_findings
from .configuration import Configuration, Environment, Flags, read_configuration, settings_findings
from .credentials import credentials_finding
from .findings import Finding, Subject, Tell
from .launcher import uvx_finding
from .policy import character_mode_finding, confirmation_finding, limits_finding, transport_findings
from .state import audit_finding, ledger_finding, state_folder_finding

_UNREADABLE = Text("A setting that it depends on cannot be read.", "Bağlı olduğu bir ayar okunamıyor.")
_UNREACHABLE = Text(
    "The provider cannot be reached, so this was not checked.", "Sağlayıcıya ulaşılamadığı için denetlenemedi."
)
_CREDENTIALS_FIRST = Text("Key and hash come first.", "Önce anahtar ve hash gerekir.")
_FOLDER_FIRST = Text("Solve the state folder's problem first.", "Önce durum klasörü sorununu giderin.")

_FOLDER = ("state_dir", "sandbox")
_LIMITS = ("max_recipients", "max_credits_per_day", "allow_commercial", "allowed_senders", "allowed_recipients")


async def examine(
    environment: Environment,
    flags: Flags,
    tell: Tell,
    *,
    clock: Clock = system_clock,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    platform: str = sys.platform,
) -> None:
    """Look at everything that `environment` and `flags` set up, and `tell` each finding.

    What depends on a setting that cannot be read is reported as not checked: with its default in place, the doctor would
    look at another set-up than the operator's. Nothing is changed, nothing is sent.
    """
    configuration = read_configuration(environment, flags)
    tell(*settings_findings(configuration, environment))
    examination = _Examination(configuration, tell, clock, timeouts)
    await examination.provider()
    await examination.machine()
    examination.transport()
    if configuration.knows("transport"):
        tell(uvx_finding(environment, platform, launched=configuration.settings.transport == "stdio"))
    else:
        tell(Finding(Subject.UVX, "not_checked", _UNREADABLE))


@dataclass(frozen=True, slots=True)
class _Examination:
    configuration: Configuration
    tell: Tell
    clock: Clock
    timeouts: Timeouts

    async def provider(self) -> None:
        """Ask what only the provider can say: the key goes to no address that has not answered."""
        settings, knows = self.configuration.settings, self.configuration.knows
        credentials = credentials_finding(self.configuration)
        if credentials is not None:
            self.tell(credentials)
        elif knows(*CREDENTIALS):
            self._skip(_UNREADABLE, Subject.CREDENTIALS)
        if not knows("sandbox", "api_url"):
            self._skip(_UNREADABLE, Subject.ADDRESS, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER, Subject.BRAND_CODE)
            return
        usable = settings.sandbox or (credentials is not None and credentials.verdict != "wrong")
        try:
            with network_for(_without_new_files(settings), self.clock) as network:
                async with ApiClient(
                    base_url=settings.api_url,
                    credentials=credentials_of(settings),
                    transport=network,
                    timeouts=self.timeouts,
                    clock=self.clock,
                ) as client:
                    await self._ask(client, usable=usable)
        except SettingsError as error:
            self.tell(Finding(Subject.ADDRESS, "wrong", error.reason))
            self._skip(_UNREACHABLE, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER, Subject.BRAND_CODE)

    async def _ask(self, client: ApiClient, *, usable: bool) -> None:
        settings = self.configuration.settings
        findings = await address_findings(client, settings, self.clock)
        self.tell(*findings)
        accepted = True
        if findings[0].verdict == "wrong":
            self._skip(_UNREACHABLE, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER)
        elif not usable:
            self._skip(_CREDENTIALS_FIRST, Subject.ACCOUNT, Subject.SENDER)
        else:
            accepted = await self._account(client)
        if self.configuration.knows("brand_code"):
            self.tell(await brand_code_finding(client, settings, accepted=accepted))
        else:
            self._skip(_UNREADABLE, Subject.BRAND_CODE)

    async def _account(self, client: ApiClient) -> bool:
        """Tell of the account and its senders; return if the account was accepted."""
        account = await account_finding(client, self.configuration.settings)
        self.tell(account)
        if account.verdict == "wrong":
            self._skip(ACCOUNT_FIRST, Subject.SENDER)
        elif not self.configuration.knows("sender", "allowed_senders"):
            self._skip(_UNREADABLE, Subject.SENDER)
        else:
            self.tell(*await sender_findings(client, self.configuration.settings))
        return account.verdict != "wrong"

    async def machine(self) -> None:
        """Look at what this machine and the operator's own rules say."""
        settings, knows = self.configuration.settings, self.configuration.knows
        for subject, fields, find in (
            (Subject.CHARACTER_MODE, ("character_mode", "sandbox"), character_mode_finding),
            (Subject.LIMITS, _LIMITS, limits_finding),
            (Subject.CONFIRMATION, ("confirm", "type_count_from", "read_only", "sandbox"), confirmation_finding),
            (Subject.AUDIT_LOG, ("audit_log", "sandbox", "read_only", "tools"), audit_finding),
            (Subject.STATE_FOLDER, _FOLDER, state_folder_finding),
        ):
            finding = find(settings) if knows(*fields) else Finding(subject, "not_checked", _UNREADABLE)
            self.tell(finding)
        # The ledger's entries belong to the account.
        if not knows(*_FOLDER, "api_key", "api_url"):
            self._skip(_UNREADABLE, Subject.LEDGER)
        elif finding.verdict != "ok":
            self._skip(_FOLDER_FIRST, Subject.LEDGER)
        else:
            self.tell(await ledger_finding(settings, self.clock))

    def transport(self) -> None:
        """Look at how hosts reach the server."""
        if self.configuration.knows("transport", *NETWORK):
            self.tell(*transport_findings(self.configuration.settings))
        else:
            self._skip(_UNREADABLE, Subject.TRANSPORT)

    def _skip(self, reason: Text, *subjects: Subject) -> None:
        self.tell(*(Finding(subject, "not_checked", reason) for subject in subjects))


def _without_new_files(settings: Settings) -> Settings:
    """Return the same settings, but with a sandbox in memory unless it is kept there already."""
    folder = settings.state_dir
    return settings if folder is None or (folder / DATABASE_FILE).exists() else replace(settings, state_dir=None)
