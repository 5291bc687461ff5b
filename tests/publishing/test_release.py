"""The workflow of the public repository, and the last look before a release."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from publishing.project import ROOT, VERSION
from publishing.release import disagreements, main

WORKFLOWS = ROOT / ".github" / "workflows"
CHANGELOG = f"# Changelog\n\n## [{VERSION}] - 2026-12-31\n"


def read(name: str) -> Mapping[str, Any]:
    loaded = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def needed(job: str, jobs: Mapping[str, Any]) -> set[str]:
    """Return the jobs that are done before this one begins."""
    needs = jobs[job].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(needed(name, jobs) for name in direct))


def test_what_agrees_may_be_released() -> None:
    assert disagreements(f"v{VERSION}", CHANGELOG, released=True) == []


@pytest.mark.parametrize(
    ("tag", "changelog", "released", "said"),
    [
        ("v9.9.9", CHANGELOG, True, "__version__"),
        (f"v{VERSION}", "## [Unreleased]\n", True, "CHANGELOG.md"),
        (f"v{VERSION}", CHANGELOG, False, "RELEASED"),
    ],
)
def test_each_disagreement_is_named(tag: str, changelog: str, released: bool, said: str) -> None:
    [sentence] = disagreements(tag, changelog, released=released)
    assert said in sentence


def test_the_command_says_what_is_wrong_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["v9.9.9"]) == 1
    assert "The tag is v9.9.9" in capsys.readouterr().out
    assert main([]) == 2


def test_nothing_is_published_before_everything_was_run() -> None:
    jobs = read("release.yml")["jobs"]
    assert [step["run"] for step in read("check.yml")["jobs"]["check"]["steps"] if "run" in step] == [".ci/run"]
    for job in set(jobs) - {"check", "build"}:
        assert {"check", "build"} <= needed(job, jobs), job
    assert "package" in needed("registry", jobs), "the registry looks the package up"


def test_a_job_has_the_rights_that_it_needs_and_no_others() -> None:
    release = read("release.yml")
    assert release["permissions"] == {}
    writes = {
        name: {right for right, level in job["permissions"].items() if level == "write"}
        for name, job in release["jobs"].items()
    }
    assert writes == {
        "check": set(),
        "build": set(),
        "package": {"id-token"},
        "image": {"packages", "id-token", "attestations"},
        "registry": {"id-token"},
        "page": {"contents", "id-token", "attestations"},
    }
    steps = [step for job in release["jobs"].values() for step in job.get("steps", [])]
    assert all(not step["with"]["persist-credentials"] for step in steps if "checkout" in step.get("uses", ""))
    assert "secrets." not in str([step for step in steps if "login-action" not in step.get("uses", "")])


def test_the_package_has_attestations_and_so_have_the_image_and_the_bundle() -> None:
    jobs = read("release.yml")["jobs"]
    [publish] = [step for step in jobs["package"]["steps"] if "pypi-publish" in step["uses"]]
    assert publish["with"]["attestations"] is True
    for name in ("image", "page"):
        assert any("attest-build-provenance" in step.get("uses", "") for step in jobs[name]["steps"]), name


def test_what_the_workflow_runs_is_there() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in WORKFLOWS.iterdir())
    for module in re.findall(r"python -m (publishing[.\w]*)", text):
        assert find_spec(module) is not None, module
    assert (Path(ROOT) / ".ci" / "run").exists()
