"""Lexicons in people's hands: looked at, exported for a spreadsheet, added to by what their own data suggest."""
