"""Pages as tables: template and export, reading Excel and CSV, dry run, and putting the good rows in."""
