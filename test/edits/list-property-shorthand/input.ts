const options = { plugins }
