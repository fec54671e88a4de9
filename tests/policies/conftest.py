"""A shop whose rules are configured."""

from tests.orders.conftest import shop as shop
