"""``doctor``: look at everything in its order, and report each finding as soon as it is known."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace

import anyio

from iletimerkezi_mcp.cli.streams import require_streams
from iletimerkezi_mcp.cli.terminal import Output
from iletimerkezi_mcp.cli.usage import FAILED, Flags
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.sandbox.factory import DATABASE_FILE
from iletimerkezi_mcp.server.client import open_client
from iletimerkezi_mcp.settings import CREDENTIALS, NETWORK, Settings, SettingsError, language_for, secrets_in
from iletimerkezi_mcp.sms.clock import system_clock

from .configuration import Configuration, credentials_finding, read_configuration, settings_findings
from .delivery import delivery_findings
from .launcher import uvx_finding
from .policy import character_mode_finding, confirmation_finding, limits_finding, transport_findings
from .provider import ACCOUNT_FIRST, account_finding, address_findings, brand_code_finding, sender_findings
from .report import Finding, Report, Subject
from .state import audit_finding, ledger_findings, lists_finding, state_folder_finding

_UNREADABLE = Text("A setting that it depends on cannot be read.", "Bağlı olduğu bir ayar okunamıyor.")
_UNREACHABLE = Text(
    "The provider cannot be reached, so this was not checked.", "Sağlayıcıya ulaşılamadığı için denetlenemedi."
)
_CREDENTIALS_FIRST = Text("Key and hash come first.", "Önce anahtar ve hash gerekir.")
_FOLDER_FIRST = Text("Solve the state folder's problem first.", "Önce durum klasörü sorununu giderin.")

_FOLDER = ("state_dir", "state_key_file", "sandbox")
_LIMITS = ("max_recipients", "max_credits_per_day", "allow_commercial", "allowed_senders", "allowed_recipients")


def run(options: argparse.Namespace, flags: Flags) -> int:
    """Examine the set-up; return exit code 0 only if nothing is wrong."""
    require_streams("stdout")
    output = Output.on_stdout(as_json=options.json)
    report = Report(output, language_for(os.environ, flags), Redactor(secrets_in(os.environ)))

    async def write() -> None:
        report.begin()
        await examine(os.environ, flags, report)
        # Before the loop ends, which waits for a thread that may still be looking a name up.
        report.end()

    anyio.run(write)
    return 0 if report.healthy else FAILED


async def examine(environment: Mapping[str, str], flags: Flags, report: Report) -> None:
    """Look at everything that `environment` and `flags` set up, and `report` each finding.

    What depends on a setting that cannot be read is reported as not checked: with its default in place, the doctor would
    look at another set-up than the operator's. Nothing is changed, nothing is sent.
    """
    configuration = read_configuration(environment, flags)
    report.add(*settings_findings(configuration, environment))
    await _examine_provider(configuration, report)
    await _examine_machine(configuration, environment, report)


async def _examine_provider(configuration: Configuration, report: Report) -> None:
    """Ask what only the provider can say: the key goes to no address that has not answered."""
    settings = configuration.settings
    credentials = credentials_finding(configuration)
    if credentials is not None:
        report.add(credentials)
    elif configuration.knows(*CREDENTIALS):
        report.skip(_UNREADABLE, Subject.CREDENTIALS)
    if not configuration.knows("sandbox", "api_url"):
        report.skip(_UNREADABLE, Subject.ADDRESS, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER, Subject.BRAND_CODE)
        return
    usable = settings.sandbox or (credentials is not None and credentials.verdict != "wrong")
    try:
        async with open_client(_without_new_files(settings), system_clock) as client:
            await _ask(client, configuration, report, usable=usable)
    except SettingsError as error:
        report.add(Finding(Subject.ADDRESS, "wrong", error.reason))
        report.skip(_UNREACHABLE, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER, Subject.BRAND_CODE)


async def _ask(client: ApiClient, configuration: Configuration, report: Report, *, usable: bool) -> None:
    settings, knows = configuration.settings, configuration.knows
    address, *clock = await address_findings(client, settings, system_clock)
    report.add(address, *clock)
    accepted = True
    if address.verdict == "wrong":
        report.skip(_UNREACHABLE, Subject.CLOCK, Subject.ACCOUNT, Subject.SENDER)
    elif not usable:
        report.skip(_CREDENTIALS_FIRST, Subject.ACCOUNT, Subject.SENDER)
    else:
        account = await account_finding(client, settings)
        report.add(account)
        accepted = account.verdict != "wrong"
        if not accepted:
            report.skip(ACCOUNT_FIRST, Subject.SENDER)
        elif not knows("sender", "allowed_senders"):
            report.skip(_UNREADABLE, Subject.SENDER)
        else:
            report.add(*await sender_findings(client, settings))
    if knows("brand_code"):
        report.add(await brand_code_finding(client, settings, accepted=accepted))
    else:
        report.skip(_UNREADABLE, Subject.BRAND_CODE)


async def _examine_machine(configuration: Configuration, environment: Mapping[str, str], report: Report) -> None:
    """Look at what this machine and the operator's own rules say, and at how hosts reach the server."""
    settings, knows = configuration.settings, configuration.knows
    for subject, fields, find in (
        (Subject.CHARACTER_MODE, ("character_mode", "sandbox"), character_mode_finding),
        (Subject.LIMITS, _LIMITS, limits_finding),
        (Subject.CONFIRMATION, ("confirm", "type_count_from", "read_only", "sandbox"), confirmation_finding),
        (Subject.AUDIT_LOG, ("audit_log", "sandbox", "read_only", "tools"), audit_finding),
        (Subject.STATE_FOLDER, _FOLDER, state_folder_finding),
    ):
        finding = find(settings) if knows(*fields) else Finding(subject, "not_checked", _UNREADABLE)
        report.add(finding)
    # The ledger's entries belong to the account.
    if not knows(*_FOLDER, "api_key", "api_url"):
        report.skip(_UNREADABLE, Subject.LEDGER, Subject.RULES, Subject.DELIVERY)
    elif finding.verdict == "wrong":
        report.skip(_FOLDER_FIRST, Subject.LEDGER, Subject.RULES, Subject.DELIVERY)
    else:
        report.add(*await ledger_findings(settings, system_clock))
        if knows("delivery_secret", "transport", "allow_hosts"):
            report.add(*await delivery_findings(settings, system_clock))
        else:
            report.skip(_UNREADABLE, Subject.DELIVERY)
    if not knows("files_dir"):
        report.skip(_UNREADABLE, Subject.LISTS)
    elif (lists := lists_finding(settings)) is not None:
        report.add(lists)
    if knows("transport", *NETWORK):
        report.add(*transport_findings(settings))
    else:
        report.skip(_UNREADABLE, Subject.TRANSPORT)
    if knows("transport"):
        report.add(uvx_finding(environment, sys.platform, launched=settings.transport == "stdio"))
    else:
        report.skip(_UNREADABLE, Subject.UVX)


def _without_new_files(settings: Settings) -> Settings:
    """Return the same settings, but with a sandbox in memory unless it is kept there already."""
    folder = settings.state_dir
    return settings if folder is None or (folder / DATABASE_FILE).exists() else replace(settings, state_dir=None)
