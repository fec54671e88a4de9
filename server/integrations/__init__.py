"""What other systems are told and what they send in: webhooks out, shops and files in."""
