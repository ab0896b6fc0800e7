"""File formats of annotated text, one module each: reading and writing, no corpus's peculiarities."""
