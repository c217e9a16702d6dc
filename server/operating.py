"""What an operator's own tools ask: whether the server can answer, and what it has been doing."""

from __future__ import annotations

import json
import resource
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from kg.checkpoints import NothingPublished
from kg.service import ServiceError
from server import metrics
from server.negotiation import JSON
from server.problems import service_problem
from server.site import site_of

router = APIRouter()


@router.get("/health")
def health(request: Request) -> Response:
    """200 with the version that is served, or 503 while nothing is published or the service behind is away."""
    try:
        version = site_of(request).snapshots.version()
    except NothingPublished as error:
        body = {"status": "nothing published", "detail": str(error)}
        return Response(json.dumps(body), 503, media_type=JSON.media_type, headers={"Retry-After": "5"})
    except ServiceError as error:
        body = {"status": "store away", "detail": service_problem(error).detail}
        return Response(json.dumps(body), 503, media_type=JSON.media_type, headers={"Retry-After": "5"})
    body = {"status": "ok", "version": version}
    return Response(json.dumps(body), media_type=JSON.media_type, headers={"Cache-Control": "no-store"})


@router.get("/metrics")
def counts(request: Request) -> Response:
    """What this process has counted since it started."""
    site = site_of(request)
    try:
        # While a service is being changed its version has a second part.
        version = int(site.snapshots.version().partition("-")[0])
    except (NothingPublished, ServiceError):
        version = 0
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    gauges = {
        "kg_queries_running": site.admission.running,
        "kg_queries_waiting": site.admission.waiting,
        "kg_published_version": version,
        "kg_resident_bytes": pages * resource.getpagesize(),
    }
    return Response(site.metrics.text(gauges), headers={"Content-Type": metrics.CONTENT_TYPE})
