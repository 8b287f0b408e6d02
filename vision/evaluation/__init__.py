"""Honest figures: classifiers and searches held against labelled pictures that they have not learnt from."""
