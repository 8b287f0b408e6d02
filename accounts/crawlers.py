"""Who is not a shopper: programs that read pages."""

import re

_CRAWLER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|facebookexternalhit|preview|monitor|curl/|wget/|python-|headlesschrome-lighthouse|pingdom",
    re.IGNORECASE,
)


def is_crawler(user_agent: str) -> bool:
    """Whether ``user_agent`` names a program whose views say nothing about taste."""
    return not user_agent or bool(_CRAWLER.search(user_agent))
