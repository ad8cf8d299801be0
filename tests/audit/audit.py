"""`make audit`: hold every kind of page of a running demo to the standards.

The Nu HTML checker reads the bytes served, axe the page as shown (light and dark, phone and
desk, with what opens opened), Lighthouse weighs home and article as on a phone. So the readers'
pages; the editors' are read and looked at, not weighed. Prints one table, then what was found;
exits 1 on any error, violation, low score or heavy file.
"""

import gzip
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.audit.machine import TOOLS, demo, fetch, make_sure_of_tools, run  # noqa: E402
from tests.browser.find_chromium import LAUNCH  # noqa: E402

# --- What is audited ---------------------------------------------------------------

# A new kind of page is a new line here; {what depends on the content} comes from `examples`.
PAGES = [
    ("home", "/"),
    ("categories", "/categories/"),
    ("category, children", "{category}"),
    ("category, leaf", "{leaf}"),
    ("tag", "{tag}"),
    ("authors", "/authors/"),
    ("author", "{author}"),
    ("article", "{longest}"),
    ("article, table", "{table}"),
    ("article, figure", "{figure}"),
    ("article, footnotes", "{footnotes}"),
    ("article, reprint", "{reprint}"),
    ("article, changed law", "{changed}"),
    ("archive", "/archive/"),
    ("statutes", "/statutes/"),
    ("statute", "{statute}"),
    ("statute, longest", "{code}"),
    ("statute, no text", "{textless}"),
    ("statute, version", "{version}"),
    ("comparison", "{comparison}"),
    ("provision", "{provision}"),
    ("changes of law", "/statutes/changes/"),
    ("search", f"/search/?q={quote('被公司辞退怎么赔')}"),
    ("search, provision", f"/search/?q={quote('民法典675')}"),
    ("search, nothing", "/search/?q=zzzz"),
    ("not found", "/hf/999999999.html"),
    ("withdrawn", "{withdrawn}"),
]
# The editors' desk, as a person with every right sees it; `desk_examples` fills it.
DESK = [
    ("desk", "/admin/"),
    ("desk, articles", "/admin/articles/article/"),
    ("desk, new article", "/admin/articles/article/add/"),
    ("desk, article", "{article}change/"),
    ("desk, refused", "{article}move/review/"),
    ("desk, history", "{article}history/"),
    ("desk, version", "{version}"),
    ("desk, throw away", "{article}delete/"),
    ("desk, trash", "/admin/articles/article/trash/"),
    ("desk, bulk change", "{bulk}"),
    ("desk, bulk changes", "/admin/articles/bulkchange/"),
    ("desk, renumber", "/admin/articles/bulkchange/renumber/"),
    ("desk, duplicates", "/admin/articles/nearduplicate/"),
    ("desk, citations", "/admin/articles/articlecitation/"),
    ("desk, feedback", "/admin/articles/feedback/"),
    ("desk, one feedback", "{feedback}"),
    ("desk, categories", "/admin/articles/category/"),
    ("desk, category", "{category}"),
    ("desk, merging", "{merge}"),
    ("desk, tags", "/admin/articles/tag/"),
    ("desk, author", "{author}"),
    ("desk, redirects", "/admin/articles/redirect/"),
    ("desk, new redirect", "/admin/articles/redirect/add/"),
    ("desk, statutes", "/admin/statutes/statute/"),
    ("desk, statute", "{statute}"),
    ("desk, versions of law", "/admin/statutes/statuteversion/"),
    ("desk, loading law", "/admin/statutes/statuteversion/import/"),
    ("desk, site", "/admin/lawsite/siteprofile/1/change/"),
    ("desk, accounts", "/admin/auth/user/"),
    ("desk, account", "{account}"),
]
SIGN_IN = ("desk, login", "/admin/login/")  # before one has come in
STATUS = {"not found": 404, "withdrawn": 410}  # of the others: 200
# By Lighthouse, with the least score. Provision pages ask not to be indexed, so SEO has no say.
WEIGHED = {"home": 0.98, "article": 0.98, "statute, longest": 0.95}


def examples() -> dict[str, str]:
    """Return the addresses that depend on the content; take one article back for "withdrawn"."""
    from django.db.models import Count
    from django.urls import reverse

    from articles.models import Article, Category, Tag
    from statutes.models import Statute

    visible = Article.objects.visible()
    withdrawn = visible.filter(origin=Article.Origin.ORIGINAL).newest_first().last()
    withdrawn.state = Article.State.WITHDRAWN
    withdrawn.save()
    articles = sorted(visible.all(), key=lambda article: -len(article.body_html))

    def longest(*words: str) -> Article:
        return next(a for a in articles if all(word in a.body_html for word in words))

    found = {
        "category": Category.objects.filter(children__isnull=False).first(),
        "leaf": Category.objects.filter(children=None, articles__in=articles).first(),
        "tag": Tag.objects.exclude(intro="").first(),
        "author": longest().signers[0],
        "longest": longest(),
        "table": longest("<table"),
        "figure": longest("<figure", "<img"),
        "footnotes": longest('class="footnotes"'),
        "reprint": next(article for article in articles if article.is_reprint),
        "changed": longest('class="citation-state"'),
        "withdrawn": withdrawn,
    }
    found["statute"] = Statute.objects.called("治安管理处罚法").get()
    found["code"] = Statute.objects.called("民法典").get()
    found["textless"] = Statute.objects.exclude(repealed_on=None).filter(versions=None).first()
    found["version"] = found["statute"].versions.in_order().first()
    addresses = {name: row.get_absolute_url() for name, row in found.items()}
    revised = Statute.objects.annotate(count=Count("versions")).filter(count=2).first()
    keys = [version.key for version in revised.versions.in_order()]
    addresses["comparison"] = reverse("statutes:comparison", args=[revised.slug, *keys])
    addresses["provision"] = addresses["statute"] + "50/"
    return addresses


def desk_examples(shown: set[str]) -> tuple[dict[str, str], dict]:
    """Put work of every kind on the desk; return its addresses, and the cookie of who may do it.

    The articles at the addresses `shown` stay as they are.
    """
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from articles import bulk_changes, history, publishing, queue
    from articles.models import Article, Author, Category, Feedback
    from statutes.models import Statute

    user = User.objects.create_superuser("陈编辑", email="")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    visible = Article.objects.visible()
    author = Author.objects.exclude(licence="").first()
    Author.objects.filter(pk=author.pk).update(user=user)
    states = ["renumbered", "amended", "misquoted", "repealed"]
    article = visible.filter(citations__state__in=states).distinct().first()
    history.begin(article.pk)
    article.body = article.body.replace("，", "；", 3)
    publishing.refresh(article, by=user, why="改标点")
    newest = visible.order_by("-pk")
    ids = [row.pk for row in newest if row.get_absolute_url() not in shown][:5]
    category = Category.objects.filter(parent=None, children__isnull=False).first()
    change = bulk_changes.begin("category", "移动栏目", user, ids, category=category.pk)
    bulk_changes.proceed(change, 60)
    Article.objects.filter(pk=ids[0]).update(state="in_review", state_since=timezone.now())
    Article.objects.filter(pk=ids[1]).update(state="trashed", state_since=timezone.now())
    feedback = Feedback.objects.create(
        article=article,
        kind="outdated",
        message="第三段的条文已经修改。",
        sender="x",
        sent_at=timezone.now(),
    )
    queue.count()

    def at(name: str, *keys) -> str:
        return reverse(f"admin:{name}", args=keys)

    addresses = {
        "article": at("articles_article_change", article.pk).removesuffix("change/"),
        "version": at(
            "articles_article_version", article.pk, history.versions(article.pk).first().pk
        ),
        "bulk": change.get_absolute_url(),
        "feedback": at("articles_feedback_change", feedback.pk),
        "category": at("articles_category_change", category.pk),
        "merge": at("articles_category_merge", category.pk),
        "author": at("articles_author_change", author.pk),
        "statute": at("statutes_statute_change", Statute.objects.called("民法典").get().pk),
        "account": at("auth_user_change", user.pk),
    }
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return addresses, {"name": settings.SESSION_COOKIE_NAME, "value": value}


# --- What is asked -----------------------------------------------------------------

# Real CSS that the HTML checker does not know yet; a line goes when it does.
NEWER_CSS = {
    "scroll-target-group": "CSS Overflow 5: the contents show where the reader is",
    ":target-current": "CSS Overflow 5: the entry of the section being read",
    "position-area": "CSS Anchor Positioning: a note beside its citation",
    "anchor-center": "CSS Anchor Positioning",
    "position-try-fallbacks": "CSS Anchor Positioning",
    "field-sizing": "CSS Basic User Interface 4: the text of an article as high as its words",
    "line-clamp": "CSS Overflow 4, beside the prefixed one that all browsers know",
}

# All of axe's rules but two: AAA's contrast of 7:1, which the second voice of the page does
# not seek, and the one that reports that something is hidden, which STATES open.
AXE = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"),
        *("best-practice", "experimental"),
    ],
    "rules": {"color-contrast-enhanced": {"enabled": False}, "hidden-content": {"enabled": False}},
}
# axe judges no contrast where a background has a gradient; here it is a line of 6px at an edge.
# What is off the screen has a height only guessed at until a reader comes to it; axe measures it.
PLAIN = """
    .site-footer, .site-nav { background-image: none !important }
    .provision { content-visibility: visible !important }
"""
TAKE_IN = """rules => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
}"""
SCHEMES = ["light", "dark"]
# How a page is looked at: name, size of the window, what is clicked before, where it is there.
STATES = [
    ("phone", {"width": 390, "height": 844}, None),
    ("desk", {"width": 1440, "height": 900}, None),
    ("phone, menu open", {"width": 390, "height": 844}, ".site-menu-open"),
    ("phone, contents open", {"width": 390, "height": 844}, ".contents summary"),
]

CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
RUNS = 3  # of Lighthouse; the median counts

KB = 1000
HEAVIEST = {"HTML": 15 * KB, "CSS": 30 * KB, "JS": 10 * KB}  # HTML as gzip -9, the rest as it is
# A page that holds a whole law is as long as the law: the Civil Code has 1,260 provisions.
WHOLE_LAW = {"statute", "statute, longest", "statute, version", "comparison"}
HEAVIEST_LAW = 250 * KB

SHOWN = 20  # findings


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one page. A note is worth reading and fails nothing."""

    page: str
    checker: str  # HTML, axe light, axe dark, Lighthouse, size, status
    rule: str
    element: str
    message: str
    is_note: bool = False
    state: str = ""  # in which axe saw it


@dataclass(frozen=True)
class Page:
    name: str
    url: str
    body: bytes


def collect(
    site: str, wanted: list[tuple[str, str]], places: dict[str, str], cookie: dict | None = None
) -> tuple[list[Page], list[Finding]]:
    """Fetch every page of `wanted`, and find those that answer with another status."""
    pages, findings = [], []
    signed_in = f"{cookie['name']}={cookie['value']}" if cookie else ""
    for name, path in wanted:
        url = site + quote(path.format(**places), safe="/?=&%")
        status, body = fetch(url, signed_in)
        pages.append(Page(name, url, body))
        expected = STATUS.get(name, 200)
        if status != expected:
            findings.append(Finding(name, "status", str(status), url, f"{expected} expected"))
    return pages, findings


def assets(site: str, pages: list[Page], kind: str) -> dict[str, bytes]:
    """Return the style sheets ("css") or scripts ("js") that the pages load, by address."""
    called = re.compile(rf'<(?:link|script)\b[^>]*?(?:href|src)="(/[^"]+\.{kind})"')
    addresses = {address for page in pages for address in called.findall(page.body.decode())}
    return {address: fetch(site + address)[1] for address in sorted(addresses)}


# --- The checkers --------------------------------------------------------------------


def check_html(pages: list[Page], sheets: dict[str, bytes], folder: Path) -> list[Finding]:
    """Ask the Nu HTML checker about the bytes of each page and of the style sheets."""
    named = [(page.name, ".html", page.body) for page in pages]
    named += [(address, ".css", body) for address, body in sheets.items()]
    names = {}
    for number, (name, ending, body) in enumerate(named):
        path = folder / f"{number}{ending}"
        path.write_bytes(body)
        names[str(path)] = name
    checker = ["java", "-jar", TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"]
    checker += ["--also-check-css", "--format", "json", "--stdout", "--exit-zero-always"]
    findings = []
    for said in json.loads(run([*checker, *names]))["messages"]:
        text = said["message"]
        if text.startswith("CSS:") and any(f"“{newer}”" in text for newer in NEWER_CSS):
            continue
        name = names.get(said.get("url", "").removeprefix("file:"), "the checker itself")
        element = " ".join(said.get("extract", "").split())
        is_note = said["type"] == "info"
        rule = said.get("subType", said["type"])
        findings.append(Finding(name, "HTML", rule, element, text, is_note))
    return findings


def check_axe(pages: list[Page], chromium: str, cookie: dict | None = None) -> list[Finding]:
    """Let axe look at every page in every scheme and state; `cookie` is of who is signed in."""
    axe = (TOOLS / "node_modules/axe-core/axe.min.js").read_text()
    findings = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=LAUNCH)
        for scheme in SCHEMES:
            for state, viewport, opener in STATES:
                context = browser.new_context(color_scheme=scheme, viewport=viewport)
                if cookie:
                    context.add_cookies([cookie | {"url": pages[0].url}])
                tab = context.new_page()
                for page in pages:
                    tab.goto(page.url, wait_until="networkidle" if cookie else "load")
                    if opener:
                        if not tab.locator(opener).first.is_visible():
                            continue
                        tab.locator(opener).first.click()
                    tab.evaluate(TAKE_IN, PLAIN)
                    tab.evaluate(axe)
                    found = tab.evaluate("options => axe.run(options)", AXE)
                    findings += read_axe(found, page.name, f"axe {scheme}", state)
                context.close()
        browser.close()
    return findings


def read_axe(found: dict, page: str, checker: str, state: str) -> list[Finding]:
    """Read axe's violations, and as notes what it leaves for a person to judge."""
    findings = []
    for kind in ("violations", "incomplete"):
        for rule in found[kind]:
            for node in rule["nodes"]:
                checks = [*node["any"], *node["all"], *node["none"]]
                text = "; ".join([rule["help"], *(check["message"] for check in checks)])
                element = f"{' '.join(map(str, node['target']))}  {node['html'][:160]}"
                is_note = kind == "incomplete"
                findings.append(Finding(page, checker, rule["id"], element, text, is_note, state))
    return findings


def check_lighthouse(
    page: Page, chromium: str, folder: Path
) -> tuple[dict[str, float], list[Finding]]:
    """Weigh a page as on a phone; return the median score of each category, and what cost it."""
    report = folder / "lighthouse.json"
    command = ["node", TOOLS / "node_modules/lighthouse/cli/index.js", page.url, "--quiet"]
    command += ["--output=json", f"--output-path={report}", "--no-enable-error-reporting"]
    command += ["--only-categories=" + ",".join(CATEGORIES)]
    command += ["--chrome-flags=" + " ".join(["--headless=new", *LAUNCH])]
    environment = {**os.environ, "CHROME_PATH": chromium}
    runs = []
    for attempt in range(2 * RUNS):
        if len(runs) == RUNS:
            break
        try:
            run(command, env=environment)
        except SystemExit:  # now and then it loses the browser's trace, and says: run again
            if attempt == 2 * RUNS - 1:
                raise
            continue
        runs.append(json.loads(report.read_text()))
    scores, findings = {}, []
    for name in CATEGORIES:
        score = scores[name] = median(one["categories"][name]["score"] or 0 for one in runs)
        is_note = score >= WEIGHED[page.name]
        if not is_note:
            text = f"{score:.2f}, at least {WEIGHED[page.name]} wanted"
            findings.append(Finding(page.name, "Lighthouse", name, page.url, text))
        for part in runs[-1]["categories"][name]["auditRefs"]:
            audit = runs[-1]["audits"][part["id"]]
            if part["weight"] and (audit["score"] or 0) < 1 and audit["score"] is not None:
                items = audit.get("details", {}).get("items", [])[:2]
                element = json.dumps(items, ensure_ascii=False)[:300]
                text = f"{audit['title']} {audit.get('displayValue', '')}"
                finding = Finding(page.name, "Lighthouse", part["id"], element, text, is_note)
                findings.append(finding)
    return scores, findings


def check_sizes(sizes: dict[str, dict[str, int]]) -> tuple[list[str], list[Finding]]:
    """Return a line for the table's foot on each kind of file, and what is too heavy."""
    lines, findings = [], []
    for kind, most in HEAVIEST.items():
        for name, size in sizes[kind].items():
            allowed = HEAVIEST_LAW if name in WHOLE_LAW else most
            if size > allowed:
                text = f"at most {allowed:,} bytes"
                findings.append(Finding(name, "size", kind, f"{size:,}", text))
        name = max(sizes[kind], key=sizes[kind].get, default="none")
        heaviest = sizes[kind].get(name, 0)
        lines.append(f"{kind:4} {heaviest:>7,} of at most {most:,} bytes: {name}")
    return lines, findings


# --- The report ----------------------------------------------------------------------


def print_table(pages: list[Page], scores: dict, findings: list[Finding]) -> None:
    """Print one line for each page, and for a style sheet only if there is something to say."""
    wrong = [finding for finding in findings if not finding.is_note]
    names = [page.name for page in pages]
    names += sorted({finding.page for finding in wrong} - set(names))
    print(f"\n{'page':20} {'HTML errors':>11} {'axe light':>9} {'axe dark':>8}  Lighthouse P A B S")
    for name in names:
        errors, light, dark = (
            len({(f.rule, f.element) for f in wrong if (f.page, f.checker) == (name, checker)})
            for checker in ("HTML", "axe light", "axe dark")
        )
        figures = " ".join(f"{score:.2f}" for score in scores.get(name, {}).values())
        print(f"{name:20} {errors:>11} {light:>9} {dark:>8}  {figures}".rstrip())


def print_findings(title: str, findings: list[Finding]) -> None:
    """Print the first findings, what is the same on many pages or elements only once."""
    groups = {}
    for finding in findings:
        same = (finding.checker, finding.rule, finding.message)
        groups.setdefault(same, []).append(finding)
    first = f", the first {SHOWN}" if len(groups) > SHOWN else ""
    print(f"\n{title}: {len(groups)} kinds{first}")
    for (checker, rule, message), group in list(groups.items())[:SHOWN]:
        elements = list(dict.fromkeys(finding.element for finding in group))
        print(f"- {checker} · {rule}: {message}")
        print("    on " + " · ".join(dict.fromkeys(finding.page for finding in group)))
        if states := " · ".join(dict.fromkeys(finding.state for finding in group)):
            print(f"    seen on {states}")
        print("".join(f"    {element}\n" for element in elements[:3]), end="")
        if len(elements) > 3:
            print(f"    and {len(elements) - 3} more")


def main() -> None:
    chromium = make_sure_of_tools()
    scores = {}
    with tempfile.TemporaryDirectory(prefix="lawsite-audit-") as temporary:
        folder = Path(temporary)
        print("Starting a demo of the audit's own…", flush=True)
        with demo(folder) as site:
            django.setup()
            pages, findings = collect(site, PAGES, examples())
            sheets, scripts = assets(site, pages, "css"), assets(site, pages, "js")
            places, cookie = desk_examples({page.url.removeprefix(site) for page in pages})
            login, wrong = collect(site, [SIGN_IN], {})
            desk, more = collect(site, DESK, places, cookie)
            findings += wrong + more
            everything = [*pages, *login, *desk]
            print(f"The Nu HTML checker reads {len(everything)} pages…", flush=True)
            own = {
                name: body
                for name, body in assets(site, desk, "css").items()
                if "/admin/" not in name
            }
            findings += check_html(everything, sheets | own, folder)
            for page in (page for page in pages if page.name in WEIGHED):
                print(f"Lighthouse weighs {page.name}, {RUNS} times…", flush=True)
                scores[page.name], found = check_lighthouse(page, chromium, folder)
                findings += found
            print("axe looks at the pages…", flush=True)
            findings += check_axe([*pages, *login], chromium)
            findings += check_axe(desk, chromium, cookie)
    foot, heavy = check_sizes({
        "HTML": {page.name: len(gzip.compress(page.body, 9)) for page in pages},
        "CSS": {address: len(body) for address, body in sheets.items()},
        "JS": {address: len(body) for address, body in scripts.items()},
    })  # fmt: skip
    findings = heavy + findings
    print_table(everything, scores, findings)
    print("\n".join(foot))
    wrong = [finding for finding in findings if not finding.is_note]
    print_findings("Notes, which fail nothing", [f for f in findings if f.is_note])
    print_findings("Findings", wrong)
    print("\nThe audit fails." if wrong else "\nThe audit passes.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
