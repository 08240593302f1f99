"""Placeholder until the checks are written."""
def sentences(page): return frozenset()
def cited(page, sentence): return False
