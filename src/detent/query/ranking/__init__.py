"""Which symbols of a view fit some words, and what is near them."""
