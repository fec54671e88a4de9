"""Who buys: found again by mail or phone, with what the desk has to know of them."""
