"""The ways out: a mail server, a gateway for text messages, and none at all."""
