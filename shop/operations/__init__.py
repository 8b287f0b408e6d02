"""What the operator asks: is it alive, is it ready, how much is going on."""
