"""What a hand-picked tolerance is worth: how often right code fails it, and which bugs it lets through."""
