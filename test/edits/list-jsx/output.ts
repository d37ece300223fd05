const plugins = [<A />, C]
