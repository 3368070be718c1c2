"""The rules of a derivation, one topic a file. A new topic is one new file and one line in `symbolic.deriving`."""
