"""axe-core in an open tab: what of ours fails WCAG 2.2 AA."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

# What Streamlit writes and no setting, style or argument of ours changes: (rule, selector) -> why.
STREAMLITS_OWN = {
    ("list", "[data-testid=stSidebarNavItems]"): "the menu's groups stand as <div> between its <ul> and <li>",
    ("listitem", "[data-testid=stSidebarNavItems] li"): "the other side of the same",
}

RUN = """async ([tags, allowed]) => {
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], elementRef: true }
  const found = await axe.run(document, options)
  const isAllowed = (rule, node) =>
    allowed.some(([name, selector]) => name === rule && node.element?.matches(selector))
  return found.violations.flatMap((one) => one.nodes
    .filter((node) => !isAllowed(one.id, node))
    .map((node) => `${one.id}: ${JSON.stringify(node.target)} ${node.html.slice(0, 200)}`))
}"""


def failures(page: Page) -> list[str]:
    """What fails on a page as it stands, each with its rule, where, and why."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, [list(TAGS), [list(each) for each in STREAMLITS_OWN]])
    return found
