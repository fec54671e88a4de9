"""`outbox`: messages and what becomes of them. `templates`: how they are said. `facts`: what an order says for them."""
