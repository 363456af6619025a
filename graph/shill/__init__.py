"""What is said about one account: followers, name, neighbours, and all signals joined to a probability."""
