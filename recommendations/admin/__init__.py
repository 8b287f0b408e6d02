"""The curator's pages of the recommender."""

from recommendations.admin import curation, experiments, rules, versions  # noqa: F401 - they register themselves
