"""What Vouch costs in CPU seconds and memory, beside what people would use instead: docs/BENCHMARKS.md.

A part is a module with `measure(options) -> Part`, listed in PARTS of `__main__`. It makes its input with
`graphs`, lets `measuring.compare` run every contender in a process of its own in interleaved rounds, and says
which of its bars hold. What was measured is kept by the number of follows, so that one size can be measured
without the others; the page is put together from what was kept.
"""
