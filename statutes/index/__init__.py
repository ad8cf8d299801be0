"""Full text of plain documents of any kind: an embedded engine beside the database."""
