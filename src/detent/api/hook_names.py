"""The hooks of git that detent has."""

CHECK_HOOKS = ("pre-commit", "pre-merge-commit")
REFRESH_HOOKS = ("post-commit", "post-merge", "post-checkout", "post-rewrite")
PUSH_HOOK = "pre-push"
HOOKS = (*CHECK_HOOKS, *REFRESH_HOOKS, PUSH_HOOK)
