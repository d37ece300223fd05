import x = NS.u
