"""What the frame around staff's pages needs for its keys."""

import json

from django import template

from tickets.shortcuts import keys

register = template.Library()


@register.simple_tag
def shortcut_keys() -> str:
    """The keys scripts listen for, as JSON for an attribute."""
    return json.dumps(keys())
