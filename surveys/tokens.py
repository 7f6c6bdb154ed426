"""The link's token: signed, for this one purpose, no login."""

from django.core.signing import BadSignature, Signer

_SIGNER = Signer(salt="survey", sep=".")


def token_for(invitation_id: int) -> str:
    """The token that opens an invitation."""
    return _SIGNER.sign(str(invitation_id))


def invitation_id_of(token: str) -> int | None:
    """The invitation a token opens; None when it was not made here."""
    try:
        return int(_SIGNER.unsign(token))
    except (BadSignature, ValueError):
        return None
