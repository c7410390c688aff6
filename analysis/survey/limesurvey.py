"""A questionnaire as a LimeSurvey structure (``.lss``).

The file has the shape that LimeSurvey 2.06 to 6 import: the tables ``groups``, ``questions``, ``subquestions``, ``answers``,
``question_attributes``, ``surveys`` and ``surveys_languagesettings``, each row with its language
(https://manual.limesurvey.org/Import_-_Export_survey, and ``XMLImportSurvey`` in LimeSurvey's import helper, which reads rows
with a language where a file has no ``question_l10ns``).
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from data.survey import bank
from data.survey.questionnaire import MANY, NONE, ONE, SILENT, Question, Questionnaire

#: The version of LimeSurvey's tables that the rows are written for (3.x).
DB_VERSION = 366
_SURVEY, _GROUP = 310_512, 1
#: List (radio), multiple choice, long free text, numerical.
_TYPES = {ONE: "L", MANY: "M", "text": "T", "number": "N"}
Row = Mapping[str, object]


def structure(asked: Questionnaire, lang: str, *, welcome: str) -> bytes:
    """The whole file."""
    words = bank.form(lang)
    document = ElementTree.Element("document")
    ElementTree.SubElement(document, "LimeSurveyDocType").text = "Survey"
    ElementTree.SubElement(document, "DBVersion").text = str(DB_VERSION)
    ElementTree.SubElement(ElementTree.SubElement(document, "languages"), "language").text = lang
    _table(document, "answers", _answers(asked, lang))
    group = {
        "gid": _GROUP,
        "sid": _SURVEY,
        "group_name": words["group"],
        "group_order": 0,
        "description": "",
        "language": lang,
    }
    _table(document, "groups", [{**group, "randomization_group": "", "grelevance": ""}])
    _table(document, "questions", [_question(q, place, lang) for place, q in enumerate(asked.questions, start=1)])
    _table(document, "subquestions", _subquestions(asked, lang))
    _table(document, "question_attributes", _attributes(asked))
    _table(document, "surveys", [_survey(lang)])
    _table(document, "surveys_languagesettings", [_texts(asked, lang, welcome, words["thanks"])])
    ElementTree.indent(document, " ")
    body: bytes = ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return body


def _table(document: ElementTree.Element, name: str, rows: Iterable[Row]) -> None:
    held = list(rows)
    if not held:
        return
    table = ElementTree.SubElement(document, name)
    fields = ElementTree.SubElement(table, "fields")
    for field in held[0]:
        ElementTree.SubElement(fields, "fieldname").text = field
    body = ElementTree.SubElement(table, "rows")
    for row in held:
        line = ElementTree.SubElement(body, "row")
        for field, value in row.items():
            ElementTree.SubElement(line, field).text = str(value)


def _shown(text: str) -> str:
    """Text as LimeSurvey shows it: HTML, in which ``{`` begins an expression unless a space follows."""
    return html.escape(text, quote=False).replace("{", "{ ").replace("}", " }")


def _question(question: Question, number: int, lang: str) -> Row:
    return {
        "qid": number, "parent_qid": 0, "sid": _SURVEY, "gid": _GROUP, "type": _TYPES[question.type], "title": question.code,
        "question": _shown(question.ask), "preg": "", "help": "", "other": "Y" if question.other else "N", "mandatory": "N",
        "question_order": number, "language": lang, "scale_id": 0, "same_default": 0, "relevance": 1,
    }  # fmt: skip


def _answers(asked: Questionnaire, lang: str) -> Iterable[Row]:
    for number, question in enumerate(asked.questions, start=1):
        if question.type == ONE:
            for place, choice in enumerate(question.answers):
                yield {
                    "qid": number, "code": question.code_of(place), "answer": _shown(choice.say), "sortorder": place + 1,
                    "assessment_value": 0, "language": lang, "scale_id": 0,
                }  # fmt: skip


def _subquestions(asked: Questionnaire, lang: str) -> Iterable[Row]:
    qid = 1000
    for number, question in enumerate(asked.questions, start=1):
        if question.type == MANY:
            for place, choice in enumerate(question.answers):
                qid += 1
                yield {
                    "qid": qid, "parent_qid": number, "sid": _SURVEY, "gid": _GROUP, "type": "T",
                    "title": question.code_of(place), "question": _shown(choice.say), "preg": "", "help": "", "other": "N",
                    "mandatory": "N", "question_order": place + 1, "language": lang, "scale_id": 0, "same_default": 0,
                    "relevance": 1,
                }  # fmt: skip


def _attributes(asked: Questionnaire) -> Iterable[Row]:
    """Whoever ticks "none of these" can tick nothing else."""
    for number, question in enumerate(asked.questions, start=1):
        alone = [question.code_of(n) for n, one in enumerate(question.answers) if one.value in (NONE, SILENT)]
        if question.type == MANY and alone:
            yield {"qid": number, "attribute": "exclude_all_others", "value": ";".join(alone), "language": ""}


def _survey(lang: str) -> Row:
    return {
        "sid": _SURVEY, "gsid": 1, "admin": "", "active": "N", "expires": "", "startdate": "", "adminemail": "",
        "anonymized": "Y", "format": "G", "savetimings": "N", "language": lang, "additional_languages": "", "datestamp": "Y",
        "usecookie": "N", "allowregister": "N", "allowsave": "Y", "autoredirect": "N", "allowprev": "Y", "printanswers": "N",
        "ipaddr": "N", "refurl": "N", "publicstatistics": "N", "publicgraphs": "N", "listpublic": "N", "htmlemail": "N",
        "tokenanswerspersistence": "N", "assessments": "N", "usecaptcha": "N", "usetokens": "N", "showxquestions": "N",
        "showgroupinfo": "X", "shownoanswer": "N", "showqnumcode": "X", "showwelcome": "Y", "showprogress": "Y",
    }  # fmt: skip


def _texts(asked: Questionnaire, lang: str, welcome: str, thanks: str) -> Row:
    return {
        "surveyls_survey_id": _SURVEY, "surveyls_language": lang, "surveyls_title": _shown(asked.survey or ""),
        "surveyls_description": "", "surveyls_welcometext": _shown(welcome), "surveyls_endtext": _shown(thanks),
        "surveyls_url": "", "surveyls_urldescription": "", "surveyls_dateformat": 5 if lang == "vi" else 2,
        "surveyls_numberformat": 1 if lang == "vi" else 0,
    }  # fmt: skip
