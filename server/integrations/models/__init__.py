"""The tables of this room: a module for each concept."""

from server.integrations.models import channels as channels
from server.integrations.models import imports as imports
from server.integrations.models import webhooks as webhooks
