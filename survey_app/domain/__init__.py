"""Plain Python: what a ballot, a code, a receipt and a round are. No Flask, no database."""
