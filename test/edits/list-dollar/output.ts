const plugins = [A, [$C, '$&`$1\u2028']]
