const list = [A, C]
