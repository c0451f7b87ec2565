"""From the intermediate representation of a model to text in the kernel dialect."""
