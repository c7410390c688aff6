"""What has the system start the schedule: a unit of systemd, lines of a crontab, a task of Windows. Printed, never installed.

Paths are quoted by each system's own rules, for folders have spaces, ``%``, ``$``, quotes and Vietnamese letters.
"""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import PureWindowsPath

from crawler.schedule import AtWorkError
from data.folding import fold
from data.study import Study
from data.study_secrets import variables
from data.words import language, tell

#: PowerShell takes each of these for an apostrophe.
_APOSTROPHES = re.compile("(['\u2018\u2019\u201a\u201b])")
_EVERY = 5


def systemd(study: Study, python: str = sys.executable) -> str:
    """A user's service that keeps the schedule running."""
    words = [python, "-m", "chandung", "--language", language(), "schedule", str(study.path.resolve())]
    name = _name(study)
    environment = [] if not variables(study) else [f"EnvironmentFile=-%h/.config/{name}.env"]
    lines = [
        *_remarks("systemd", name=name, secrets=_secrets_told(study, "systemd", f"~/.config/{name}.env")),
        "[Unit]",
        f"Description={_percent(tell('schedule.units.title', study=study.study))}",
        "",
        "[Service]",
        "Type=simple",
        *environment,
        "Environment=PYTHONUTF8=1",
        f"ExecStart={' '.join(_systemd_word(word) for word in words)}",
        # Only the schedule is asked to end; it ends its command in order.
        "KillMode=mixed",
        "TimeoutStopSec=90",
        "Restart=on-failure",
        "RestartSec=60",
        # Another schedule of the study is at work already: starting again would not help. All else may pass, as a full disk does.
        f"RestartPreventExitStatus={AtWorkError.exit_code}",
        "",
        "[Install]",
        "WantedBy=default.target",
    ]
    return "\n".join(lines) + "\n"


def _systemd_word(word: str) -> str:
    escaped = _percent(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"' if re.search(r"[^\w@%+=:,./$-]", word, re.ASCII) else escaped


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def cron(study: Study, python: str = sys.executable) -> str:
    """A line of a crontab that has what is due run every few minutes."""
    words = [python, "-m", "chandung", "--language", language(), "schedule", "--once", "--quiet"]
    # cron ends the command at a percent sign, even one in quotes.
    command = shlex.join([*words, str(study.path.resolve())]).replace("%", "\\%")
    lines = [
        *_remarks("cron", minutes=_EVERY, secrets=_secrets_told(study, "cron")),
        f"*/{_EVERY} * * * * PYTHONUTF8=1 {command}",
    ]
    return "\n".join(lines) + "\n"


def windows(study: Study, python: str = sys.executable) -> str:
    """PowerShell that registers a task which keeps the schedule running, without a window, from log-on."""
    study_path = str(study.path.resolve())
    arguments = f"-m chandung --language {language()} schedule {_windows_word(study_path)}"
    lines = [
        *_remarks("windows", name=_task(study), secrets=_secrets_told(study, "windows")),
        f"$python = {_powershell(_windowless(python))}",
        f"$action = New-ScheduledTaskAction -Execute $python -Argument {_powershell(arguments)}"
        f" -WorkingDirectory {_powershell(str(study.folder))}",
        "$trigger = New-ScheduledTaskTrigger -AtLogOn -User ([Security.Principal.WindowsIdentity]::GetCurrent().Name)",
        "$settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -StartWhenAvailable -AllowStartIfOnBatteries"
        " -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 5)",
        f"Register-ScheduledTask -TaskName {_powershell(_task(study))} -Action $action -Trigger $trigger -Settings $settings -Force",
        f"Start-ScheduledTask -TaskName {_powershell(_task(study))}",
    ]
    return "\n".join(lines) + "\n"


def _windowless(python: str) -> str:
    """``pythonw.exe`` beside the given Python, which opens no window; the given one where the path is none of Windows."""
    path = PureWindowsPath(python)
    return str(path.with_name("pythonw.exe")) if path.name.lower() == "python.exe" else python


def _windows_word(word: str) -> str:
    """A word of a Windows command line. No path can hold a quote, but a folder may end in a backslash."""
    return f'"{word}{chr(92) if word.endswith(chr(92)) else ""}"'


def _powershell(text: str) -> str:
    return "'" + _APOSTROPHES.sub(r"\1\1", text) + "'"


def _task(study: Study) -> str:
    return f"Chandung {study.study}"


def _name(study: Study) -> str:
    return "chandung-" + (re.sub(r"[^a-z0-9]+", "-", fold(study.study)).strip("-") or "study")


def _secrets_told(study: Study, system: str, where: str = "") -> str:
    """Which environment variables the study needs and how they are set there, a line each; empty where it needs none."""
    names = variables(study)
    if not names:
        return ""
    lines = (tell(f"schedule.units.set_{system}", name=name) for name in names)
    return "\n".join([tell(f"schedule.units.secrets_{system}", where=where), *(f"    {line}" for line in lines)])


def _remarks(key: str, **values: object) -> list[str]:
    return [f"# {line}".rstrip() for line in tell(f"schedule.units.{key}", **values).strip().splitlines()]
