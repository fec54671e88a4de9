"""Why: what goes out to others and comes in from them. Nothing here calls anybody: the workers do, between commands.

Webhooks: `endpoints` says where events go, `messages` writes down what is to be said to whom, `deliveries` what became
of it, and what goes out again. Channels: `channels` says what their words mean, `incoming` keeps what they send and
makes orders of it, `changes` does what they change, `checkouts` counts who left at the till.

Files: `imports` is the life of one that was brought in; `orders`, `items`, `bins` and `stock` say what its rows come
to, by the words of `found`, and `ways` lists them.
"""
