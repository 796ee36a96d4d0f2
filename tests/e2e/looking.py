"""What is wrong with a page as it stands in the browser; pictures of it are kept."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from tests.e2e.conftest import ARTEFACTS

SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    """JPEG: packing a PNG takes longer than drawing the page."""
    page.screenshot(path=ARTEFACTS / f"{name}.jpg", full_page=whole, type="jpeg", quality=75)


def faults(page: Page, name: str) -> list[str]:
    """In words: what is not accessible in the page's colours, and whether it is wider than the screen."""
    picture(page, name)
    found = _violations(page, name)
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{name}: wider than the screen")
    return found


def faults_in_light_and_dark(page: Page, name: str) -> list[str]:
    """For a page in light colours; in dark ones the contrast alone is another."""
    found = faults(page, name)
    page.emulate_media(color_scheme="dark")
    picture(page, f"{name}-dark", whole=False)
    found += _violations(page, f"{name}-dark", runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")
    return found


def _violations(page: Page, name: str, **options: object) -> list[str]:
    """axe is loaded once a document, for its script is half a megabyte; what is in order stays in the browser."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    run = "options => axe.run(options).then(({violations}) => ({violations}))"
    answer = page.evaluate(run, {"resultTypes": ["violations"], **options})
    result = AxeResults(answer)
    return [f"{name}: {result.generate_report()}"] if result.violations_count else []
