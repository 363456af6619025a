"""How sure a figure is, what is usual among alike accounts, what stands in for the unmeasured."""
