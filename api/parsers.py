"""Reading a JSON body without being brought down by it."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class JsonParser(BaseParser):
    """JSON in UTF-8. A body past the size Django keeps in memory, or nested too deeply, is refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """What the body says. Raises ParseError; RequestDataTooBig for one that is too long."""
        body = (parser_context or {})["request"]._request.body
        try:
            return json.loads(body.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _no_number(name: str) -> NoReturn:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)
