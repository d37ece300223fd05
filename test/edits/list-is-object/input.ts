const plugins = { A }
