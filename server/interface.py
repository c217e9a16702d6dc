"""The description of the JSON interface in OpenAPI, made from its routes."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from server.negotiation import JSON
from server.site import data_response, site_of

PREFIX = "/api/v1"
# What every answer that is a problem (RFC 9457) has in the description.
PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {"schema": {"type": "object"}}}}
router = APIRouter()


@router.get(f"{PREFIX}/openapi.json")
def description(request: Request) -> Response:
    """All addresses of the routers in ``app.state.interface``, with their parameters and answers."""
    routers: tuple[APIRouter, ...] = request.app.state.interface
    routes = [route for interface in routers for route in interface.routes]
    body = get_openapi(title="Evidence Graph", version="1", routes=routes)
    return data_response(json.dumps(body, ensure_ascii=False).encode("utf-8"), JSON, f'W/"{site_of(request).build}"')
