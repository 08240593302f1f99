"""The HTML report in a real browser: Chromium without a window."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from healthlint.config import Config
from healthlint.readers import read_text
from healthlint.report import Report
from healthlint.run import report_of
from healthlint.violation import Failure

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMEDRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not CHROMIUM or not CHROMEDRIVER, reason="needs Chromium and chromedriver on the PATH"
)

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)

TEA = """---
title: Tea cures colds
description: What a cup does
---

# Green tea

This tea **cu**res *colds* without side effects.

It is warm, and many people like it.

> Our balm cures arthritis.

- This herb cures asthma.

| Herb | Use                     |
|------|-------------------------|
| Sage | Sage cures sore throats |

<!-- healthlint-disable-next-line cure-claim -- quoted by the board -->
Ginger cures nausea.

Nobody says that thyme cures gout.
"""
BACK = """# Back pain

Yoga is the best treatment for back pain, and turmeric is guaranteed to work for everyone.

## Over the years

Most people with back pain get better in some weeks.
"""
PLAIN = "# Sleep\n\nA cool and dark room may help. Chamomile is a flower.\n"
HOSTILE = """---
title: "</title><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
description: "\\"><svg onload='window.pwned = 3'> cures flu"
---

# Tea </script><script>window.pwned = 4</script> tea

&lt;script&gt;window.pwned = 5&lt;/script&gt; &lt;img src=x onerror="window.pwned = 6"&gt; cures colds.

[Our tea cures flu](javascript:window.pwned=7) ![A tea that cures gout](x"onerror="window.pwned=8)

`</details></article></main><script>window.pwned = 9</script>` cures asthma. &lt;/script&gt; &#x202e;evil&#x202c; cures pain.
"""
LONG = f"# {'Antidisestablishment' * 12}\n\n{'Pneumono' * 40} cures flu. {'a/' * 120}b\n\n| {'wide' * 40} | {'cell' * 40} |\n|---|---|\n| a | b |\n"
ARTICLES = {
    "index.md": PLAIN,
    "guides/tea.md": TEA,
    "guides/spine/back.md": BACK,
    'guides/"><b>x/hostile.md': HOSTILE,
    f"guides/{'very-long-name-' * 12}/long.md": LONG,
}


@cache
def report() -> Report:
    documents = [read_text(text, format="markdown", path=path) for path, text in ARTICLES.items()]
    made = report_of(documents, Config(), keep=True, excused=True)
    known = tuple(each for each in made.violations if each.rule == "no-author")
    return Report(
        **{
            **vars(made),
            "violations": tuple(each for each in made.violations if each not in known),
            "known": known,
            "gone": 2,
            "failures": (Failure("guides/old.md", "looks like a binary file"),),
        }
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report().to("html"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: webdriver.Chrome, file: str) -> Iterator[webdriver.Chrome]:
    """The report, freshly opened, at desktop width and in light colours."""
    resize(browser, 1280)
    media(browser, scheme="light")
    browser.get(file)
    browser.execute_script("localStorage.clear()")
    browser.get(file)
    yield browser
    assert browser.get_log("browser") == []


def resize(browser: webdriver.Chrome, width: int) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )


def media(browser: webdriver.Chrome, medium: str = "screen", scheme: str = "light") -> None:
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})


def all_of(page: webdriver.Chrome, selector: str) -> list:
    return page.find_elements(By.CSS_SELECTOR, selector)


def one(page: webdriver.Chrome, selector: str):
    (element,) = all_of(page, selector)
    return element


def seen(page: webdriver.Chrome, selector: str) -> list:
    """Those elements that are not hidden, also in texts that are closed."""
    return page.execute_script(
        "return [...document.querySelectorAll(arguments[0])].filter((each) => !each.closest('[hidden]'))",
        selector,
    )


def titles(page: webdriver.Chrome) -> list[str]:
    return [each.get_property("textContent") for each in seen(page, "h4")]


def choose(page: webdriver.Chrome, name: str, value: str) -> None:
    """Chooses in a list of the filter, and waits until that has come to pass."""
    before = status(page)
    page.execute_script(
        "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
        "field.dispatchEvent(new Event('input', {bubbles: true}))",
        name,
        value,
    )
    assert one(page, f"#{name}").get_property("value") == value
    changed(page, before)


def status(page: webdriver.Chrome) -> str:
    return one(page, "#matches").text


def changed(page: webdriver.Chrome, before: str) -> str:
    WebDriverWait(page, 10).until(lambda _: status(page) != before)
    return status(page)


def press(page: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        page.switch_to.active_element.send_keys(key)


def counts(page: webdriver.Chrome) -> tuple[int, int]:
    findings, _, _, articles, _ = status(page).split()
    return int(findings), int(articles)


# --- opening -------------------------------------------------------------------------------------------


def test_it_opens_from_the_file_system_and_asks_for_nothing(page):
    assert page.title == "Health content report: 5 articles"
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert counts(page) == (len(all_of(page, ".note")), 5)


def test_it_can_be_read_without_scripts(page, file):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.get(file)
        assert not one(page, "#filter").is_displayed()
        assert not one(page, "#theme").is_displayed()
        assert all(not each.is_enabled() for each in all_of(page, ".chart button"))
        mark = next(each for each in all_of(page, ".text mark a") if each.text.startswith("cures arthritis"))
        body = one(page, mark.get_attribute("href").partition("#")[2].join(("#", "")))
        assert not body.is_displayed()
        mark.click()
        WebDriverWait(page, 10).until(lambda _: body.is_displayed())
        assert "Instead" in body.text
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_nothing_in_an_article_acts(page):
    for each in all_of(page, "details"):
        page.execute_script("arguments[0].open = true", each)
    assert page.execute_script("return window.pwned") is None
    assert (
        all_of(page, "img, iframe, object, embed, main script, main style, [onerror], [onload], [style]")
        == []
    )
    assert len(all_of(page, "script")) == 1
    addresses = {each.get_attribute("href").partition(":")[0] for each in all_of(page, "a[href]")}
    assert addresses == {"file", "https"}
    title = next(title for title in titles(page) if "pwned" in title)
    assert title == "</title><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>"
    assert "<script>window.pwned = 5</script>" in one(page, "main").text
    assert all_of(page, "article article, details.reading main") == []


def test_the_policy_stops_what_would_slip_through(page):
    page.execute_script(
        "const image = new Image(); image.src = 'https://example.org/x.png'; document.body.append(image);"
        "const script = document.createElement('script'); script.textContent = 'window.pwned = 1';"
        "document.body.append(script)"
    )
    refused: list[str] = []

    def both_refused(_: object) -> bool:
        refused.extend(each["message"] for each in page.get_log("browser"))
        return len(refused) == 2

    WebDriverWait(page, 10).until(both_refused)
    assert all("Content Security Policy" in message for message in refused)
    assert page.execute_script("return window.pwned") is None


# --- filter and search ---------------------------------------------------------------------------------


def test_severities_narrow_it(page):
    before = status(page)
    for name in ("warning", "info"):
        one(page, f"[name=severity][value={name}]").click()
    changed(page, before)
    WebDriverWait(page, 10).until(
        lambda _: {each.get_attribute("data-severity") for each in seen(page, ".note")} == {"error"}
    )
    assert counts(page)[0] == len(seen(page, ".note")) > 3


def test_states_narrow_it(page):
    assert [each.get_attribute("value") for each in all_of(page, "[name=state]")] == [
        "new",
        "known",
        "suppressed",
        "excused",
    ]
    for name in ("new", "known", "excused"):
        before = status(page)
        one(page, f"[name=state][value={name}]").click()
        changed(page, before)
    assert status(page) == "1 finding in 1 article"
    (note,) = seen(page, ".note")
    assert "Suppressed" in note.get_property("textContent")
    assert [each.text for each in seen(page, "mark:not(.off)") if each.text][-1].startswith("cures nausea")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("rule", "cure-claim", {"Tea cures colds", "Antidisestablishment" * 12}),
        ("folder", "guides/spine", {"Back pain"}),
        ("folder", ".", {"Sleep"}),
        ("article", "a1", {"Sleep"}),
    ],
)
def test_lists_narrow_it(page, field, value, shown):
    choose(page, field, value)
    assert {title for title in titles(page) if "pwned" not in title} == shown


def test_a_folder_includes_those_below_it(page):
    choose(page, "folder", "guides")
    assert len(titles(page)) == 4


def test_families_narrow_it(page):
    choose(page, "family", "disclaimer")
    assert {each.get_attribute("data-family") for each in seen(page, ".note")} == {"disclaimer"}


def test_search_finds_findings_and_texts(page):
    field = one(page, "#query")
    before = status(page)
    field.send_keys("TURMERIC  is guaranteed")
    assert changed(page, before).endswith("in 1 article")
    assert titles(page) == ["Back pain"]
    assert all("turmeric" in each.get_property("textContent") for each in seen(page, ".noted"))
    before = status(page)
    field.clear()
    field.send_keys("tea.md")
    changed(page, before)
    (article,) = seen(page, ".article")
    assert counts(page) == (len(article.find_elements(By.CSS_SELECTOR, ".note")), 1)
    assert titles(page) == ["Tea cures colds"]
    before = status(page)
    field.clear()
    field.send_keys("chamomile")
    assert changed(page, before) == "0 findings in 1 article"
    assert titles(page) == ["Sleep"]
    field.send_keys("xyzzy")
    assert changed(page, "0 findings in 1 article") == "0 findings in 0 articles"


def test_marks_of_findings_that_are_filtered_out_are_no_links(page):
    choose(page, "rule", "no-author")
    assert seen(page, ".text mark a[href]") == []
    before = status(page)
    one(page, "#filter [type=reset]").click()
    changed(page, before)
    assert len(seen(page, ".text mark a[href]")) > 5


def test_the_number_in_a_chart_shows_only_these(page):
    button = one(page, "button[data-value='cure-claim']")
    expected = int(button.text.split()[0])
    before = status(page)
    button.click()
    changed(page, before)
    rules = [each.get_attribute("data-rule") for each in seen(page, ".note")]
    assert set(rules) == {"cure-claim"}
    standing = [each for each in seen(page, ".note") if each.get_attribute("data-state") in ("new", "known")]
    assert len(standing) == expected
    assert page.switch_to.active_element.get_attribute("id") == "articles-title"


def test_matches_are_announced(page):
    region = one(page, "#matches")
    assert region.aria_role == "status"


# --- notes ---------------------------------------------------------------------------------------------


def test_a_click_on_a_claim_opens_its_note_with_the_reason(page):
    mark = next(each for each in all_of(page, ".text mark a") if each.text.startswith("cures arthritis"))
    mark.click()
    note = page.switch_to.active_element.find_element(By.XPATH, "..")
    assert note.get_attribute("open") is not None
    assert "cures arthritis" in note.text
    assert "Why Few conditions are cured" in note.text
    assert all(
        each.get_attribute("rel") == "noopener noreferrer"
        for each in note.find_elements(By.CSS_SELECTOR, ".reason a")
    )
    assert "current" in mark.find_element(By.XPATH, "..").get_attribute("class")


def test_keys_lead_from_note_to_note(page):
    press(page, "n")
    summaries = seen(page, ".note > summary")
    assert page.switch_to.active_element == summaries[0]
    press(page, "n", "n", "p")
    assert page.switch_to.active_element == summaries[1]
    press(page, Keys.ENTER)
    assert summaries[1].find_element(By.XPATH, "..").get_attribute("open") is not None
    press(page, Keys.ENTER)
    assert summaries[1].find_element(By.XPATH, "..").get_attribute("open") is None


def test_keys_search_and_show_all_again(page):
    press(page, "/")
    assert page.switch_to.active_element == one(page, "#query")
    before = status(page)
    press(page, "pain n p t")
    changed(page, before)
    assert one(page, "#query").get_property("value") == "pain n p t"
    assert page.switch_to.active_element == one(page, "#query")
    before = status(page)
    press(page, Keys.ESCAPE)
    assert counts_are_all(page, before)


def counts_are_all(page: webdriver.Chrome, before: str) -> bool:
    changed(page, before)
    return counts(page) == (len(all_of(page, ".note")), 5)


def test_keys_can_be_switched_off(page):
    one(page, ".keys summary").click()
    one(page, "#keys").click()
    press(page, "n")
    assert page.switch_to.active_element == one(page, "#keys")


def test_texts_are_opened_and_closed_at_once(page):
    one(page, "#close").click()
    assert all_of(page, ".reading[open]") == []
    choose(page, "folder", "guides/spine")
    one(page, "#open").click()
    assert len(all_of(page, ".reading[open]")) == 1


# --- looks ---------------------------------------------------------------------------------------------


def background(page: webdriver.Chrome) -> str:
    return page.execute_script("return getComputedStyle(document.body).backgroundColor")


def test_it_is_dark_where_the_system_is_and_can_be_switched(page, file):
    light = background(page)
    media(page, scheme="dark")
    dark = background(page)
    assert light != dark
    button = one(page, "#theme")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert (background(page), button.get_attribute("aria-pressed")) == (light, "false")
    # Chromium hands what a page stores to the next one in its own time.
    WebDriverWait(page, 20).until(lambda page: page.get(file) or background(page) == light)
    press(page, "t")
    assert background(page) == dark


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_nothing_is_wider_than_the_window(page, width):
    resize(page, width)
    page.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    overflowing = page.execute_script(
        "return [document.documentElement.scrollWidth - document.documentElement.clientWidth,"
        "...[...document.querySelectorAll('main *')].filter((each) => each.checkVisibility() && !each.closest('.unseen')"
        "&& each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 200))]"
    )
    assert overflowing == [0]


def test_print_shows_notes_and_hides_what_only_a_screen_can(page):
    page.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = false; })")
    choose(page, "rule", "cure-claim")
    media(page, medium="print")
    for selector in ("#filter", "#theme", "nav", ".keys"):
        assert not one(page, selector).is_displayed()
    shown = [each for each in all_of(page, ".note > div") if is_laid_out(page, each)]
    assert len(shown) == len(seen(page, ".note")) > 3
    assert "Instead" in shown[0].get_property("innerText")
    assert one(page, "#rule-cure-claim").is_displayed()
    texts = [each for each in all_of(page, ".text") if is_laid_out(page, each)]
    assert len(texts) == len(
        [each for each in seen(page, ".reading") if "cures" in each.get_property("textContent")]
    )
    media(page, medium="print", scheme="dark")
    assert page.execute_script("return getComputedStyle(document.documentElement).colorScheme") == "light"


def is_laid_out(page: webdriver.Chrome, element) -> bool:
    return page.execute_script(
        "const {width, height} = arguments[0].getBoundingClientRect();"
        "return arguments[0].checkVisibility() && width > 0 && height > 0",
        element,
    )


def axe() -> str:
    """The source of axe-core, where npm has put it."""
    npm = shutil.which("npm")
    roots = [Path.cwd() / "node_modules"]
    if npm:
        listed = subprocess.run([npm, "root", "--global"], capture_output=True, text=True, check=True)
        roots.append(Path(listed.stdout.strip()))
    for root in roots:
        if (found := root / "axe-core" / "axe.min.js").is_file():
            return found.read_text(encoding="utf-8")
    pytest.skip("needs axe-core (npm install --global axe-core)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_everybody_can_use_it(page, scheme, width):
    source = axe()
    resize(page, width)
    media(page, scheme=scheme)
    page.execute_script(
        "document.querySelectorAll('details').forEach((each) => { each.open = true; });"
        "document.querySelectorAll('.article, .rule').forEach((each) => each.scrollIntoView())"
    )
    page.execute_script(source)
    found = page.execute_async_script("axe.run().then(arguments[0])")
    assert len(found["passes"]) > 20
    grave = [
        (each["id"], each["impact"], [node["html"][:200] for node in each["nodes"][:3]])
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
    assert grave == [], json.dumps(grave, indent=1)


# --- size ----------------------------------------------------------------------------------------------


def test_five_hundred_articles_open_well(browser, tmp_path):
    filler = "\n\n".join(
        f"## Part {number}\n\nMost people sleep better in a cool room, and a walk by day helps too. " * 2
        + "\n\n- one thing\n- another thing\n\nThis tea cures colds.\n"
        for number in range(20)
    )
    documents = [
        read_text(
            f"# Article {number}\n\n{filler}", format="markdown", path=f"site/{number % 20}/{number}.md"
        )
        for number in range(25)
    ]
    few = report_of(documents, Config().narrowed(("cure-claim", "disclaimer"), ()), keep=True)
    many = [(f"copy-{copy}/", each) for copy in range(20) for each in few.checked if each.document]
    report = Report(
        violations=tuple(
            each.__class__(**{**vars(each), "path": f"copy-{copy}/{each.path}"})
            for copy in range(20)
            for each in few.violations
        ),
        checked=tuple(each._replace(path=prefix + each.path) for prefix, each in many),
        rules=few.rules,
        sources=few.sources,
    )
    assert (len(report.checked), len(report.violations) > 10_000) == (500, True)
    path = tmp_path / "large.html"
    path.write_text(report.to("html"), encoding="utf-8")
    assert path.stat().st_size < 25_000_000
    browser.get(path.as_uri())
    ready = browser.execute_script(
        "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    )
    assert ready < 20_000
    began = time.monotonic()
    before = status(browser)
    browser.find_element(By.ID, "query").send_keys("article 24")
    assert changed(browser, before) == "420 findings in 20 articles"
    assert time.monotonic() - began < 10
