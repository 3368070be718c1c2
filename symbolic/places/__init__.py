"""Where a cost changes its formula: zeros, kinks, jumps, and the pieces between them."""
