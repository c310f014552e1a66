"""The six-seat workload, by which servers of any kind are compared, on our real server."""
