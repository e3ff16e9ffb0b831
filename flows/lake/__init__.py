"""A warehouse that many hosts share: releases in a DuckLake, and record-level work on a cluster.

Nothing here is needed by one machine, and nothing outside of this package imports DuckLake, Dask or fsspec.
docs/scale.md tells when it is worth its price.
"""
