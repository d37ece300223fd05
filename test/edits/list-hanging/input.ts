const plugins = [A,
                 B]
