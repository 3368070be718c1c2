"""Between the commands and the shell: options, streams, files, exit codes."""
