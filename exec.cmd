@rem npm scripts say "exec node ..." so that signals reach Node on Unix; on Windows this stands in for exec.
@%*
