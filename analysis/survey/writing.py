"""A questionnaire as a list to paste into a form (CSV), and on paper (Markdown)."""

from __future__ import annotations

import csv
import io

from data.survey import bank
from data.survey.questionnaire import MANY, ONE, TEXT, Questionnaire

#: What each kind of question is called by the add-ons and scripts that make a Google form of a list.
_GOOGLE = {ONE: "MULTIPLE_CHOICE", MANY: "CHECKBOX", TEXT: "PARAGRAPH_TEXT", "number": "TEXT"}


def google_forms(asked: Questionnaire) -> str:
    """One row a question: its words, its type as Google Forms names it, whether it must be answered and may have another
    answer, and then every option in a column of its own."""
    most = max(len(question.answers) for question in asked.questions)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["question", "type", "required", "other", *(f"option {n}" for n in range(1, most + 1))])
    for question in asked.questions:
        options = [choice.say for choice in question.answers]
        yes_no = ["no", "yes" if question.other else "no"]
        rows.writerow([question.ask, _GOOGLE[question.type], *yes_no, *options, *[""] * (most - len(options))])
    return out.getvalue()


def markdown(asked: Questionnaire, lang: str, *, welcome: str) -> str:
    """The questionnaire to print or to paste anywhere."""
    words = bank.form(lang)
    lines = [
        f"# {_plain(asked.survey or '')}",
        "",
        _plain(welcome),
        "",
    ]
    for number, question in enumerate(asked.questions, start=1):
        how = {ONE: "choose_one", MANY: "choose_many"}.get(question.type, "write")
        lines += [f"**{number}. {_plain(question.ask)}** *({words[how]})*", ""]
        lines += [f"- [ ] {_plain(choice.say)}" for choice in question.answers]
        if question.other:
            lines.append(f"- [ ] {words['other']}: ………………")
        if not question.answers:
            lines.append("………………………………………………………………")
        lines.append("")
    lines += [words["thanks"], ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Text without what Markdown would take for markup."""
    for sign in "\\`*_[]<>#|":
        text = text.replace(sign, f"\\{sign}") if sign in text else text
    return text
