"""What stands on the axes of a figure."""

__all__ = ["drawn", "place", "words"]


def drawn(ax, kind):
    """Return the patches of exactly one kind."""
    return [patch for patch in ax.patches if type(patch) is kind]


def place(ax, word):
    """Return where the only such text stands."""
    (text,) = (text for text in ax.texts if text.get_text() == word)
    return text.get_position()


def words(ax):
    """Return the texts on the axes in the order in which they were written."""
    return [text.get_text() for text in ax.texts]
