"""Keeping the glossary."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from common.text import clean_line
from knowledgebase.glossary import folded
from knowledgebase.models import TERM_LENGTH, Term

MOST_VARIANTS = 20


@dataclass(frozen=True)
class TermText:
    """What an editor decides about a term."""

    term_zh: str
    term_en: str
    variants: tuple[str, ...]
    plain_zh: str
    plain_en: str
    is_active: bool = True


def cleaned(text: TermText) -> TermText:
    """`text` as it is stored: on one line each, variants once each and none that is the term itself."""
    zh, en = clean_line(text.term_zh), clean_line(text.term_en)
    variants = {folded(word): clean_line(word) for word in text.variants if clean_line(word)}
    kept = tuple(word for key, word in variants.items() if key not in {folded(zh), folded(en)})
    return TermText(zh, en, kept, clean_line(text.plain_zh), clean_line(text.plain_en), text.is_active)


def faults(text: TermText, *, term_id: int | None) -> Mapping[str, list[str]]:
    """What is wrong with a cleaned text, by field: nothing written, or a word that another term has. One query."""
    wrong: dict[str, list[str]] = {}
    if not text.term_zh and not text.term_en:
        wrong["term_zh"] = [_("Give the term in at least one language.")]
    for name, plain in (("plain_zh", text.plain_zh), ("plain_en", text.plain_en)):
        if not plain:
            wrong[name] = [_("Say it in plain words.")]
    if len(text.variants) > MOST_VARIANTS:
        wrong["variants"] = [_("At most %(count)d words, please.") % {"count": MOST_VARIANTS}]
    long = next((word for word in text.variants if len(word) > TERM_LENGTH), None)
    if long:
        wrong["variants"] = [
            _("“%(word)s” is longer than %(count)d characters.") % {"word": long, "count": TERM_LENGTH}
        ]
    taken = _taken(term_id)
    for field, words in (
        ("term_zh", [text.term_zh]),
        ("term_en", [text.term_en]),
        ("variants", text.variants),
    ):
        other = next((taken[folded(word)] for word in words if folded(word) in taken), None)
        if other:
            wrong.setdefault(field, []).append(_("“%(term)s” has this word already.") % {"term": other})
    return wrong


@transaction.atomic
def save_term(*, term_id: int | None, text: TermText) -> Term:
    """Keep a new term, or change one. Raises InvalidInput; Term.DoesNotExist for an id that is none."""
    # Whoever comes second sees the words of whoever came first.
    list(Term.objects.select_for_update().values_list("pk"))
    text = cleaned(text)
    wrong = faults(text, term_id=term_id)
    if wrong:
        raise InvalidInput(dict(wrong))
    term = Term() if term_id is None else Term.objects.get(pk=term_id)
    for name in ("term_zh", "term_en", "plain_zh", "plain_en", "is_active"):
        setattr(term, name, getattr(text, name))
    term.variants = list(text.variants)
    term.save()
    return term


def _taken(term_id: int | None) -> dict[str, str]:
    """The words of the other terms, and whose they are."""
    others: Iterable[Term] = Term.objects.all() if term_id is None else Term.objects.exclude(pk=term_id)
    return {folded(word): term.label for term in others for word in term.words}
