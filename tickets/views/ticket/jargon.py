"""What the reply box says about jargon in a draft, and how a preview shows it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from knowledgebase.glossary import utf16_length
from knowledgebase.terms import glossary
from tickets.forms.replying import PUBLIC
from tickets.services.replying import BODY_LENGTH
from tickets.views.ticket.reader import Reader, reader_of


@require_POST
@login_required
def jargon(request: HttpRequest, number: str) -> HttpResponse:
    """The terms in the draft, with their plain words and where they stand as a browser counts; of a reply the
    customer will read alone, nothing for a note.
    """
    reader = reader_of(request, number)
    if not reader.internal:
        raise Http404
    draft = request.POST.get("body", "").replace("\r\n", "\n")[:BODY_LENGTH]
    found = glossary().find(draft) if request.POST.get("kind") == PUBLIC else []
    terms = [{"found": term, "start": utf16_length(draft[: term.start])} for term in found]
    return render(request, "tickets/_jargon.html", {"terms": terms})


def underlined(reader: Reader, kind: str, html: SafeString) -> SafeString:
    """The preview of a message with its jargon underlined, where an agent writes to the customer."""
    return glossary().marked(html) if reader.internal and kind == PUBLIC else html
