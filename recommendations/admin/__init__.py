"""The curator's pages of the recommender."""

from recommendations.admin import (  # noqa: F401 - they register themselves
    curation,
    evidence,
    experiments,
    rules,
    versions,
)
