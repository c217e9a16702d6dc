"""The server's log: one JSON object a line on standard error, without the texts of queries unless asked for."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime
from typing import Final

QUERIES: Final = logging.getLogger("kg.queries")
REQUESTS: Final = logging.getLogger("kg.requests")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, message, and what was given as ``fields``."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str) -> None:
    """Send everything from this level on to standard error, as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


def query_hash(text: str) -> str:
    """Sixteen hexadecimal digits that stand for a query, so that its runs can be found without its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def log(logger: logging.Logger, message: str, **fields: object) -> None:
    """Log the message with the fields, at level info."""
    logger.info(message, extra={"fields": fields})
