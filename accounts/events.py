"""What happens to people and organisations, as subscribers learn of it. Published inside the changing transaction."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ContractChanged:
    """An organisation has another contract level than before."""

    organisation_id: int
    at: datetime
