"""An article in another shape: as the text of a reply, or with the words that were looked for marked."""

import re
from textwrap import indent

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.search import markable
from knowledgebase.models import Article


def as_reply(article: Article) -> str:
    """The article as Markdown for a reply: symptom, numbered steps, a link; in the article's language.

    No query where the steps are prefetched. Whether a customer may be sent it (it is public) is for the
    caller to see to.
    """
    with translation.override(article.language):
        lines = [f"**{article.title}**", article.symptom]
        for number, step in enumerate(article.steps.all(), 1):
            mark = f"{number}. "
            expected = _("You should see: %(what)s") % {"what": step.expected}
            body = "\n\n".join([f"**{step.title}**", step.instruction, expected])
            lines.append(mark + indent(body, " " * len(mark)).lstrip())
        link = settings.SITE_URL + reverse("article", args=[article.key])
        lines.append(_("The article in the handbook: %(link)s") % {"link": f"<{link}>"})
    return "\n\n".join(lines)


def marked(text: str, q: str) -> SafeString:
    """`text` as HTML with the words of `q` in `<mark>`."""
    words = markable(q)
    if not words:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    # With one group, every second piece is a match.
    return mark_safe(
        "".join(
            format_html("<mark>{}</mark>", piece) if number % 2 else escape(piece)
            for number, piece in enumerate(pieces)
        )
    )
