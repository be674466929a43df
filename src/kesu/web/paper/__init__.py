"""Documents on paper: one sheet, drawn as a page to print, as PDF and as DOCX."""
