"""The stage audit: what each stage of a build took, and proof that two builds came out equal."""
