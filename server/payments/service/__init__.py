"""What is done about money, a module for each concept; callers import the module.

`payments`: an order's payment follows the order. `asking`: the worker's two commands. `refunds`, `receipts`: what the
desk does. `accounts`: credit. `news`: what gateways say by themselves. `reconciling`: our journal beside their books.
`views`: what is shown. `invariants`: what must hold. `journal`: what all of them write.
"""
