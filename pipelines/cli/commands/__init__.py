"""One module for each command: its options, what it reads, how it shows it. The object is named `command`.

What several commands share stands one room up: `session` and `options`, `reading`, `output`, `words`.
"""
