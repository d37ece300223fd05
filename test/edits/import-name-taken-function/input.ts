foo()

function u() {}
