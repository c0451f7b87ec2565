"""When the checker finds itself at fault."""


class SelfCheckFailed(Exception):
    """Our own fault: two parts of the checker disagree about a run. The message says how."""
