"""`pickwave health`: for a container's or a service manager's check, which has no browser and no curl."""

from __future__ import annotations

import argparse

import httpx

from server.lan.client import own_url, trust
from server.settings import Settings
from server.start import DONE, FAILED

SECONDS = 2.5


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None: the port is the setting's."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Say what the server says of itself; 1 when it is not ready or not there."""
    try:
        url = f"{own_url(settings)}/api/health/ready"
        verify = trust(settings.data_dir) if settings.lan else True
        answer = httpx.get(url, timeout=SECONDS, trust_env=False, verify=verify)
    except httpx.HTTPError as error:
        print(f"no answer on port {settings.port}: {error}")
        return FAILED
    print(answer.text)
    return DONE if answer.status_code == httpx.codes.OK else FAILED
