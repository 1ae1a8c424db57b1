"""What ``detent budget`` can be asked to do: one module each, as for the commands themselves."""
