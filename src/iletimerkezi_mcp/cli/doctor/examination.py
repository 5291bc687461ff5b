"""The examination: everything looked at in its order, each finding told as soon as it is known."""

from __future__ import annotations

import sys
from dataclasses import replace

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.sandbox.factory import WORLD
from iletimerkezi_mcp.server.account import credentials_of, network_for
from iletimerkezi_mcp.settings import CREDENTIALS, NETWORK, Settings, SettingsError
from iletimerkezi_mcp.sms.clock import Clock, system_clock

from .account import ACCOUNT_FIRST, account_finding, brand_code_finding, sender_findings
from .address import address_findings
from .configuration import Configuration, Environment, Flags, read_configuration, settings_findings
from .credentials import credentials_finding
from .findings import Subject, Tell, unchecked, wrong
from .launcher import uvx_finding
from .policy import character_mode_finding, confirmation_finding, limits_finding
from .state import audit_finding, ledger_finding, state_folder_finding
from .transport import transport_findings

_OF_THE_PROVIDER = (Subject.ADDRESS, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER, Subject.BRAND_CODE)


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

    Whatever hangs on a setting that cannot be read is told as not checked: with its default in place, the doctor
    would look at another set-up than the operator's. Nothing is changed, nothing is sent.
    """
    configuration = read_configuration(environment, flags)
    for finding in settings_findings(configuration, environment):
        tell(finding)
    await _provider(configuration, tell, clock, timeouts)
    await _operator(configuration, tell, clock)
    if configuration.knows("transport", *NETWORK):
        for finding in transport_findings(configuration.settings):
            tell(finding)
    else:
        tell(unchecked(Subject.TRANSPORT, _UNREADABLE))
    if configuration.knows("transport"):
        tell(uvx_finding(environment, platform, launched=configuration.settings.transport == "stdio"))
    else:
        tell(unchecked(Subject.UVX, _UNREADABLE))


async def _provider(configuration: Configuration, tell: Tell, clock: Clock, timeouts: Timeouts) -> None:
    """What only the provider can say, asked with as little as it takes: the key goes to nobody that has not answered."""
    settings = configuration.settings
    shown = credentials_finding(configuration)
    if shown is not None:
        tell(shown)
    elif configuration.knows(*CREDENTIALS):
        tell(unchecked(Subject.CREDENTIALS, _UNREADABLE))
    if not configuration.knows("sandbox", "api_url"):
        for subject in _OF_THE_PROVIDER:
            tell(unchecked(subject, _UNREADABLE))
        return
    usable = settings.sandbox or (shown is not None and shown.verdict != "wrong")
    try:
        with network_for(_looked_at(settings), clock) as network:
            async with ApiClient(
                base_url=settings.api_url,
                credentials=credentials_of(settings),
                transport=network,
                timeouts=timeouts,
                clock=clock,
            ) as client:
                let_in = True
                found = await address_findings(client, settings, clock)
                for finding in found:
                    tell(finding)
                if found[0].verdict == "wrong":
                    _not_asked(tell, _NOBODY, Subject.CLOCK)
                elif not usable:
                    _not_asked(tell, Text("Key and hash come first.", "Önce anahtar ve hash gerekir."))
                else:
                    let_in = await _account(client, configuration, tell)
                if configuration.knows("brand_code"):
                    tell(await brand_code_finding(client, settings, let_in=let_in))
                else:
                    tell(unchecked(Subject.BRAND_CODE, _UNREADABLE))
    except SettingsError as error:
        tell(wrong(Subject.ADDRESS, error.reason))
        _not_asked(tell, _NOBODY, Subject.CLOCK, Subject.BRAND_CODE)


async def _account(client: ApiClient, configuration: Configuration, tell: Tell) -> bool:
    """Whether the account was let in."""
    settings = configuration.settings
    account = await account_finding(client, settings)
    tell(account)
    if account.verdict == "wrong":
        tell(unchecked(Subject.SENDER, ACCOUNT_FIRST))
    elif configuration.knows("sender", "allowed_senders"):
        for finding in await sender_findings(client, settings):
            tell(finding)
    else:
        tell(unchecked(Subject.SENDER, _UNREADABLE))
    return account.verdict != "wrong"


def _not_asked(tell: Tell, why: Text, *more: Subject) -> None:
    for subject in (*more, Subject.ACCOUNT, Subject.SENDER):
        tell(unchecked(subject, why))


_UNREADABLE = Text("A setting that it hangs on cannot be read.", "Bağlı olduğu bir ayar okunamıyor.")
_NOBODY = Text("Nobody answers there.", "Orada yanıt veren yok.")


def _looked_at(settings: Settings) -> Settings:
    """The same, with a sandbox that leaves nothing behind: its world is only opened where there is one."""
    folder = settings.state_dir
    return settings if folder is None or (folder / WORLD).exists() else replace(settings, state_dir=None)


async def _operator(configuration: Configuration, tell: Tell, clock: Clock) -> None:
    """What this machine and the operator's own rules say."""
    settings = configuration.settings
    for subject, finding, fields in (
        (Subject.CHARACTER_MODE, character_mode_finding, ("character_mode", "sandbox")),
        (Subject.LIMITS, limits_finding, _LIMITS),
        (Subject.CONFIRMATION, confirmation_finding, ("confirm", "type_count_from", "read_only", "sandbox")),
        (Subject.AUDIT_LOG, audit_finding, ("audit_log", "sandbox", "read_only", "tools")),
        (Subject.STATE_FOLDER, state_folder_finding, _FOLDER),
    ):
        found = finding(settings) if configuration.knows(*fields) else unchecked(subject, _UNREADABLE)
        tell(found)
    # The ledger's entries belong to the account.
    if not configuration.knows(*_FOLDER, "api_key", "api_url"):
        tell(unchecked(Subject.LEDGER, _UNREADABLE))
    elif found.verdict != "ok":
        tell(unchecked(Subject.LEDGER, _FOLDER_FIRST))
    else:
        tell(await ledger_finding(settings, clock))


_FOLDER_FIRST = Text("The state folder comes first.", "Önce durum klasörü düzelmeli.")
_FOLDER = ("state_dir", "sandbox")
_LIMITS = ("max_recipients", "max_credits_per_day", "allow_commercial", "allowed_senders", "allowed_recipients")
