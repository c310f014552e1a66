"""The parts of the operator's guide that follow from code: ``python -m tests.operate_pages``."""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from serve.settings import ENV_PREFIX, Settings

ROOT: Final = Path(__file__).parents[1]
SETTINGS: Final = ROOT / "docs" / "settings.md"
GUIDE: Final = ROOT / "docs" / "operate.md"
MARKED: Final = re.compile(r"(?<=<!-- alarms -->\n\n).*?(?=\n\n<!-- end of alarms -->)", re.DOTALL)
HEAD: Final = f"""# Settings

Of `squaredeal up`, `migrate` and `upgrade`. Each is a flag (`--data-dir`), a variable
(`{ENV_PREFIX}DATA_DIR`) or a line of a TOML file (`data_dir = "…"`, named by `--config`); a flag
wins over a variable, a variable over the file. Commands without `--config` find the file by
`{ENV_PREFIX}CONFIG`. What is wrong is said in one line when the server starts. Secrets are in
files; the settings only name them.

Made from `serve/settings.py` by `python -m tests.operate_pages`.

| setting | default | what it is |
|---|---|---|
"""


def settings_page() -> str:
    """Every setting with its default and bounds."""
    lines = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else _shown(field.default)
        text = " ".join((field.description or "").split())
        bounds = _bounds(field.metadata)
        lines.append(f"| `{name}` | {default} | {text}{f' ({bounds})' if bounds else ''} |")
    return HEAD + "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value in ((), ""):
        return ""
    return f"`{value}`"


def _bounds(metadata: list[Any]) -> str:
    found = {type(each).__name__: each for each in metadata}
    low = found["Ge"].ge if "Ge" in found else None
    high = found["Le"].le if "Le" in found else None
    if low is not None and high is not None:
        return f"{low:,} to {high:,}"
    if low is not None:
        return f"at least {low:,}"
    return f"at most {high:,}" if high is not None else ""


def alarms() -> list[dict[str, Any]]:
    """Every alert of the rules."""
    return [
        rule
        for file in sorted((ROOT / "deploy" / "prometheus").glob("*.yml"))
        for group in yaml.safe_load(file.read_text("utf-8")).get("groups", [])
        for rule in group["rules"]
        if "alert" in rule
    ]


def alarms_table() -> str:
    """What each says, how urgent it is, and the page that says what to do."""
    lines = ["| alarm | urgency | what it says | what to do |", "|---|---|---|---|"]
    for rule in alarms():
        said = re.sub(r"\{\{.*?\}\}", "…", rule["annotations"]["summary"])
        page = rule["annotations"]["runbook"].removeprefix("docs/")
        urgency = rule["labels"]["severity"]
        lines.append(f"| `{rule['alert']}` | {urgency} | {said} | [{Path(page).stem}]({page}) |")
    return "\n".join(lines)


def guide(text: str) -> str:
    """The guide with the alarms as they are."""
    table = alarms_table()
    return MARKED.sub(lambda _: table, text)


if __name__ == "__main__":
    SETTINGS.write_text(settings_page(), "utf-8")
    GUIDE.write_text(guide(GUIDE.read_text("utf-8")), "utf-8")
