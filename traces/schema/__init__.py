"""The JSON Schema of each version of the trace format."""
