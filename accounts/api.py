"""Tokens and the shopper's own data over REST."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import privacy
from accounts.authentication import TokenAuthentication
from accounts.models import User
from accounts.tokens import NotSignedIn, TooManyAttempts, issue_token
from catalog.problems import Problem, ProblemSerializer


class CredentialsSerializer(serializers.Serializer):
    """Who signs in."""

    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=1000, write_only=True)
    code = serializers.CharField(
        required=False, max_length=20, write_only=True, help_text="Where the account has a second step."
    )


class TokenSerializer(serializers.Serializer):
    """Send it as ``Authorization: Token …``."""

    token = serializers.CharField()
    expires = serializers.DateTimeField()


class Token(APIView):
    """Sign a device in and out."""

    throttle_scope = "token"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None for who signs in: a token that has run out must not keep its owner from getting a new one."""
        return [] if self._signs_in else [TokenAuthentication()]

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny()] if self._signs_in else [IsAuthenticated()]

    @property
    def _signs_in(self) -> bool:
        return self.request is not None and self.request.method == "POST"  # no request: the schema is written

    @extend_schema(
        operation_id="token_create",
        request=CredentialsSerializer,
        responses={
            200: TokenSerializer,
            401: OpenApiResponse(ProblemSerializer, "The address or the password is not right."),
            429: OpenApiResponse(ProblemSerializer, "Too many attempts; see Retry-After."),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """A token for an e-mail address and its password."""
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            issued = issue_token(request._request, **given.validated_data)
        except NotSignedIn as error:
            raise Problem(401, str(error), {"WWW-Authenticate": "Token"}) from error
        except TooManyAttempts as error:
            wait = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
            sentence = "There were too many attempts to sign in with this address. Wait a quarter of an hour."
            raise Problem(429, sentence, {"Retry-After": wait}) from error
        return Response(TokenSerializer({"token": issued.text, "expires": issued.expires}).data)

    @extend_schema(operation_id="token_delete", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign this device out: its token is worth nothing any more."""
        request.auth.delete()
        return Response(status=204)


class MeSerializer(serializers.ModelSerializer):
    """The shopper. The address changes on the account pages, where the new one is confirmed."""

    joined_at = serializers.DateTimeField(source="date_joined", read_only=True)

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "personalised", "joined_at")
        read_only_fields = ("email",)


class Me(APIView):
    """Who I am."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(request=MeSerializer(partial=True), responses={200: MeSerializer, 400: ProblemSerializer})
    def patch(self, request: Request) -> Response:
        """Change the name, or switch personal pages off and on."""
        me = MeSerializer(request.user, data=request.data, partial=True)
        me.is_valid(raise_exception=True)
        me.save()
        return Response(me.data)


class MyData(APIView):
    """Everything the shop knows about me."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="me_export", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        known: dict[str, Any] = privacy.export(request.user)
        return Response(known)
