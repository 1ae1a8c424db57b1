"""The actions of ``detent budget``, one module each."""
