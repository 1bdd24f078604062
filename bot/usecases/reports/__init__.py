"""Reports for those who ask whether the work is done: the board, an inspector, a commissioner, an auditor."""
