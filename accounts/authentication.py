"""Who sends this request, by the token in its Authorization header."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


class TokenAuthentication(auth.TokenAuthentication):
    """knox's, which breaks on bytes that no token of ours can hold."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        if not token.isalnum():
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)


class TokenScheme(KnoxTokenScheme):
    """How the schema describes it."""

    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"
