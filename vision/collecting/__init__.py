"""Collecting pictures from web pages for training and for the catalogue: ``manage.py collect_images``.

``collector`` goes from page to page. ``browser`` is the only module that imports Selenium; ``network``, ``fetching``,
``proxy`` and ``manners`` hold what may be asked for and how often; ``candidates`` understands what a page shows;
``folder`` keeps what was found and ``sights`` knows it again.
"""
