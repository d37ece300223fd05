foo("a", "b")
