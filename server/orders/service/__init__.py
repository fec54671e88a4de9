"""Why: an order from its capture to its end. Every change of a fact goes through here, is told, and moves the status.

In the order in which it happens: `captures` (stream 0), `holds`, `fulfilments` (a wave gives orders to the floor),
`lines` (the floor reports: its warehouse only), `statuses` (stream 0 follows), `cancels`. What other rooms know of
money is reported down to `money`. Beneath them `lookup` finds and `timelines` tells; `invariants` is the check.
"""
