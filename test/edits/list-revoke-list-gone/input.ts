const list = [A]
