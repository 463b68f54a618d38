"""Functions of tenants on data engines: the same work on one process and on a cluster."""
