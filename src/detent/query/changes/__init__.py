"""How the symbols of two states differ: pairs of symbols, signatures, and the public names."""
