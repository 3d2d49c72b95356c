"""Spreadsheets that people label: laid out and written (`layout`, `write`), and read back (`child`, `read`).

The layer knows tabs, rows, columns and row keys (`keys`). It knows no stage: what a decision means is its callers'.
"""
