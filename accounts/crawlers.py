"""Who is not a shopper: programs that read pages."""

import re

from django.http import HttpRequest

_CRAWLER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|facebookexternalhit|preview|monitor|curl/|wget/|python-|headlesschrome-lighthouse|pingdom",
    re.IGNORECASE,
)


def is_crawler(user_agent: str) -> bool:
    """Whether ``user_agent`` names a program whose views say nothing about taste."""
    return not user_agent or bool(_CRAWLER.search(user_agent))


def is_looked_at(request: HttpRequest) -> bool:
    """Whether a person looks at the page that is asked for; crawlers, HEAD requests and prefetches are no interest."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    is_person = not is_crawler(request.headers.get("User-Agent", ""))
    return request.method == "GET" and "prefetch" not in purpose and is_person
