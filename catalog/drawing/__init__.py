"""Garments drawn by code: the demo catalogue, test photos with known truth, and pictures by the thousand."""
