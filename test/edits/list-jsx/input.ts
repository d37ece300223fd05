const plugins = [<A />]
