"""Why: what was promised of speed is measured by one command, as ratios of one run, and written down with its misses.

`python -m bench` measures every row and writes docs/performance.md; `python -m bench ROW …` only these, and prints.
"""
