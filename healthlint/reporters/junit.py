"""The report as JUnit XML: every article is a suite, and what fails the run is a failed test."""

from __future__ import annotations

import os
from collections import defaultdict
from xml.etree.ElementTree import Element

from healthlint.report import Report
from healthlint.reporters.xml import document, element
from healthlint.violation import Failure, Violation
from healthlint.visible import visible


def render(report: Report) -> str:
    """The report as XML in ASCII, with a line end.

    Violations milder than `fail_on` are tests that pass and say something. An article without violations has
    one test that passes, and so has a run without articles: no test at all is taken for a broken run.
    """
    violations: dict[str, list[Violation]] = defaultdict(list)
    for violation in report.violations:
        violations[violation.path].append(violation)
    failures: dict[str, list[Failure]] = defaultdict(list)
    for failure in report.failures:
        failures[failure.path].append(failure)
    root = element(None, "testsuites", name="healthlint")
    for path in sorted({*violations, *failures, *(checked.path for checked in report.checked)}):
        suite = element(root, "testsuite", name=path)
        for violation in violations[path]:
            _test(suite, report, violation)
        for number, failure in enumerate(failures[path], 1):
            test = element(suite, "testcase", name=f"failure {number}", classname=_class(path))
            element(test, "error", type="failure", message=visible(failure.message))
        if len(suite) == 0:
            element(suite, "testcase", name="no violations", classname=_class(path))
        _count(suite)
    if len(root) == 0:
        suite = element(root, "testsuite", name="healthlint")
        element(suite, "testcase", name="no articles to check", classname="healthlint")
        _count(suite)
    _count(root)
    return document(root)


def _test(suite: Element, report: Report, violation: Violation) -> None:
    where = f"{violation.start.line}:{violation.start.column}"
    # GitLab ignores the second of two tests with one name.
    test = element(suite, "testcase", name=f"{violation.rule} at {where}", classname=_class(violation.path))
    message = visible(violation.message)
    text = visible(f"{violation.path}:{where}: {violation.severity} {violation.rule} {violation.message}")
    text += f"\nfix: {visible(' '.join(violation.fix.split()))}"
    if report.fails(violation):
        element(test, "failure", text, type=violation.severity, message=message)
    else:
        element(test, "system-out", text)


def _class(path: str) -> str:
    # Jenkins takes what stands before the last point for a package.
    return os.path.splitext(path)[0]


def _count(tests: Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        tests.set(name, str(len(tests.findall(f".//{tag}"))))
