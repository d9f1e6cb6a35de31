"""The READMEs are executed: their sessions give what they show, code runs, the commands are those of CI."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.commands import main

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = sorted(
    path
    for path in (
        README,
        *(found for top in ("kb", "engine", "facts", "tests") for found in (ROOT / top).rglob("README.md")),
    )
    if ".venv" not in path.parts
)
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
MOST_LINES = 200
LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)?(?:#([\w-]+))?\)")
ALONE = re.compile(r"cartsign ([^|<>&;$]*)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, page: Path = README) -> list[str]:
    return [found.group(2) for found in BLOCK.finditer(page.read_text()) if found.group(1) == language]


@pytest.fixture
def workplace(tmp_path):
    """A folder with the knowledge base and the case files that the pages say to save."""
    (tmp_path / "kb").symlink_to(ROOT / "kb")
    for page in PAGES:
        saved = re.findall(r"`(\w+\.yaml)`:\n\n```yaml\n(.*?)```", page.read_text(), re.DOTALL)
        for name, text in saved:
            (tmp_path / name).write_text(text)
    return tmp_path


def run(command: str, folder: Path) -> str:
    done = ran(command, folder)
    return done.stdout + done.stderr


def ran(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command prints; in this process where it is `cartsign` alone, which starts sooner."""
    alone = ALONE.fullmatch(command)
    return (
        ran_here(shlex.split(alone[1], comments=True), folder) if alone else ran_by_a_shell(command, folder)
    )


def ran_here(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        done = CliRunner().invoke(main, words, env={"COLUMNS": "96", "NO_COLOR": "1"})
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def ran_by_a_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "96", "NO_COLOR": "1"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )


@EACH_PAGE
def test_sessions_give_what_a_page_shows(page, workplace, request):
    text = page.read_text()
    for session in blocks("console", page):
        commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
        real = "".join(f"$ {command}\n{run(command, workplace)}" for command in commands)
        text = text.replace(f"```console\n{session}```", f"```console\n{real}```")
    if request.config.getoption("--update-golden", default=False):
        page.write_text(text)
    assert text == page.read_text()


@pytest.mark.parametrize("commands", [block for page in PAGES for block in blocks("bash", page)])
def test_commands_run(commands, workplace):
    for command in commands.splitlines():
        done = ran(command, workplace)
        assert done.returncode == 0, done.stdout + done.stderr


def test_python_code_prints_what_its_comments_say(workplace):
    for code in (block for page in PAGES for block in blocks("python", page)):
        (workplace / "code.py").write_text(code)
        said = re.findall(r"print\(.*\)  # (.*)", code)
        assert run("python code.py", workplace).splitlines() == said


def test_the_readme_is_short():
    assert len(README.read_text().splitlines()) <= MOST_LINES


@EACH_PAGE
def test_links_lead_somewhere(page):
    for path, heading in LINK.findall(page.read_text()):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE) if heading else []
        assert not heading or heading in [
            re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings
        ]


def test_rule_of_the_readme_is_a_rule_of_the_knowledge_base():
    (rule,) = [block for block in blocks("yaml") if block.startswith("rules:\n")]
    body = rule.removeprefix("rules:\n").rstrip()
    assert any(body in file.read_text() for file in (ROOT / "kb" / "rules").glob("*.yaml"))


def test_ci_runs_the_test_command_word_for_word():
    commands = [line for block in blocks("sh") for line in block.splitlines() if "pytest" in line]
    assert len(commands) == 1
    assert commands[0] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_main_job_prints_a_table_and_writes_a_result_file(workplace):
    (command,) = [line for block in blocks("sh") for line in block.splitlines() if "assess" in line]
    shown = run(command.split("&& .venv/bin/")[-1], workplace)
    assert "emergency" in shown
    assert "no diagnosis" in shown
    assert (workplace / "assessments.jsonl").read_text().count("\n") >= 40


@pytest.mark.parametrize("command", ["check", "test", "coverage --threshold 100"])
def test_the_smallest_knowledge_base_is_whole(command, tmp_path):
    text = (ROOT / "kb" / "README.md").read_text()
    base, cases = re.findall(
        r"```yaml\n(.*?)```", text.split("## The smallest knowledge base")[1], re.DOTALL
    )[:2]
    (tmp_path / "cough" / "cases").mkdir(parents=True)
    (tmp_path / "cough" / "cough.yaml").write_text(base)
    (tmp_path / "cough" / "cases" / "cases.yaml").write_text(cases)
    done = ran(f"cartsign {command} --kb cough", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
