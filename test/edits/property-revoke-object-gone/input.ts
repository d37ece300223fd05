const other = { a, c }
