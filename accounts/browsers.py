"""What a browser calls itself, in words that people know."""

import re

from django.utils.translation import gettext as _

# The first that fits: browsers name those that they wish to be taken for, too.
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|HeadlessChrome/|CriOS/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("Linux", r"Linux|X11"),
)


def browser_name(user_agent: str) -> str:
    """Return "Firefox, Windows" for what a browser sends; its first words where it is none that we know."""
    names = [
        next((name for name, signs in known if re.search(signs, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, names)) or user_agent[:40] or _("A browser without a name")
