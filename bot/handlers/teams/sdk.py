"""Imports the Teams SDK and holds what it does on import: it reads a .env file, and it warns of previews.

It takes more than a second, so nothing imports this module that may run without Teams; on Intel Macs the SDK is absent.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from microsoft_teams.common.experimental import ExperimentalWarning

NO_ENV_FILE = "PYTHON_DOTENV_DISABLED"


@contextmanager
def _held() -> Iterator[None]:
    """A .env file that lies about would change the settings of the whole process, and of whatever it starts."""
    before = os.environ.get(NO_ENV_FILE)
    os.environ[NO_ENV_FILE] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            yield
    finally:
        if before is None:
            del os.environ[NO_ENV_FILE]
        else:
            os.environ[NO_ENV_FILE] = before


with _held():
    from microsoft_teams.apps import ActivityContext, App
    from microsoft_teams.apps.http.adapter import HttpRequest, HttpResponse, HttpRouteHandler

__all__ = ["ActivityContext", "App", "HttpRequest", "HttpResponse", "HttpRouteHandler"]
