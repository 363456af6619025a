"""What the command line says of partners in sentences; every figure is one of the published file."""
