;[1].map(f)
