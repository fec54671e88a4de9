"""Why: sheets of cards with barcodes as one A4 PDF: `sheet` draws a page, `cards` draws what is on it."""
