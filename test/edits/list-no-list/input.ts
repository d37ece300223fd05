const other = [A]
