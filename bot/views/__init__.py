"""What a reader may see: frozen values, no words, no rows (design.md section 2)."""
