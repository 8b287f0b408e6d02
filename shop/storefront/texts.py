"""The owner's own words on the short pages, written in Markdown."""

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from shop.storefront.models import PageText

# HTML in the text is shown as text; links can only lead to pages and mail programs (markdown-it's own check).
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def own_text(name: str) -> PageText | None:
    """What the owner wrote for the page ``name``: in the shopper's language, else in any; None: nothing."""
    texts = {text.language: text for text in PageText.objects.filter(name=name)}
    return texts.get(get_language()) or next(iter(texts.values()), None)


def as_html(markdown: str) -> SafeString:
    """Markdown as HTML that is safe to show. The page has its ``h1`` already: headings begin one level below."""
    tokens = _MARKDOWN.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return SafeString(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
