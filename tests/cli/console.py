"""The command line in the test's own process."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli import main
from tests.calls import SEND_SMS


class Console:
    """The command line in this process, with a sandbox that lasts in one folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self._variables = {"LANG": "en", "SANDBOX": "1", "STATE_DIR": str(folder)}

    def run(self, *words: str, **variables: str | None) -> tuple[int, str, str]:
        """Return the exit code, stdout and stderr; `variables` change the settings."""
        with self._monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("ILETIMERKEZI_")]:
                patch.delenv(name)
            for name, value in {**self._variables, **variables}.items():
                if value is not None:
                    patch.setenv(f"ILETIMERKEZI_{name}", value)
            try:
                code = main(words)
            except SystemExit as ended:
                code = int(str(ended.code))
        return (code, *self._capsys.readouterr())

    def asked(self, *words: str, **variables: str) -> dict[str, Any]:
        """Return the JSON that ``state`` writes."""
        code, out, err = self.run("state", "--json", *words, **variables)
        assert (code, err) == (0, "")
        value = json.loads(out)
        assert isinstance(value, dict)
        return value

    def send(self, *recipients: str, text: str = "Siparişiniz yola çıktı.", label: str | None = None) -> dict[str, Any]:
        words = ["call", SEND_SMS, "--text", text, "--message-type", "transactional"]
        words += ["--recipients", json.dumps(recipients), *(["--label", label] if label else [])]
        _, out, _ = self.run(*words)
        _, out, _ = self.run(*words, "--confirm", json.loads(out)["confirm"])
        value = json.loads(out)
        assert isinstance(value, dict)
        return value
