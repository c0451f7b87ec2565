"""Viewstamped Replication Revisited: the protocol of the paper, and two corrections of it."""
