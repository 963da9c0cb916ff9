"""Many machines at work: explorations and random histories, in shards, on a Dask cluster.

- `plan`: what is asked, as shards in a fixed order
- `work`: what one shard does on a server, without knowing of clusters
- `results`: the file of results, a shard a line, which a later run goes on with
- `cluster`: Dask
- `summary`: the table, and the shortest counterexamples as sessions
- `options`: the command line
"""
