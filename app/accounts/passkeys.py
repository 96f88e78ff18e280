"""What a passkey has to be, and what is asked of its owner."""

from __future__ import annotations

from flask_security import UserMixin, WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class AnyDevice(WebauthnUtil):
    """Any device will do: the telephone or computer itself, or a security key.

    The library wants a passkey that stands in for the password on a separate device, and accepts it without asking who
    holds it. Here it may be on the same device, and whoever uses it has to show that it is theirs, by finger, face or
    PIN: so it is two factors in one.
    """

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        """Who logs in without a name has to be found by the key itself; a second factor need not be kept for that."""
        if usage == "first":
            return AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                require_resident_key=True,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.DISCOURAGED,
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:
        """Asked for where nothing else says who is there."""
        alone = "secondary" not in usage
        return UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.DISCOURAGED
