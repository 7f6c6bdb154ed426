"""What is asked of the handbook, read from an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.models import Module, Product
from common.text import clean_line
from knowledgebase.models import QUERY_LENGTH


@dataclass(frozen=True)
class Asked:
    """Words, and the product and module they are about, as far as such are in use."""

    q: str
    product: Product | None
    module: Module | None

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Asked:
        """Read `q` (or `subject`, as the filing form names it), `product` and `module`, the latter by code.

        Codes that name nothing are passed over. Two queries at most.
        """
        product, module = params.get("product", ""), params.get("module", "")
        return cls(
            q=clean_line(params.get("q") or params.get("subject") or "")[:QUERY_LENGTH],
            product=Product.objects.filter(code=product).first() if product else None,
            module=Module.objects.filter(code=module).first() if module else None,
        )
