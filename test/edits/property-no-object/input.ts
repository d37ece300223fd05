const other = {}
