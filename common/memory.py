"""What a web process does about its memory once it is loaded."""

import gc

# Objects made before the collector looks for cycles among the young: a page of hundreds of cards makes some ten
# thousand, nearly all of which go by themselves. After that many rounds it looks among the older, and the oldest.
YOUNG, OLDER, OLDEST = 10_000, 20, 20


def settle() -> None:
    """Take everything loaded so far out of the garbage collector's rounds.

    Code, models, address tables and templates live as long as the process. Looked through again and again, they made
    one page in ten or twenty wait two hundred milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
