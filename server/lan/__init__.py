"""Scanners on the local network: an authority of the house's own, and the page by which a device comes to trust it.

`rules.py` decides what must be renewed and what is wrong, `authority.py` makes and keeps certificates, `addresses.py`
asks the machine for its names, `keeper.py` holds all of it together while the server runs, `onboarding.py` is the
page that is served without TLS, `client.py` is for whoever asks the server from this machine.
"""
