"""The demo warehouse: readable data in `demo/`, its typed reader, its printed sheets.

It exists so that a newcomer sees the whole product work before owning a scanner or a shelf. See README.md.
"""
