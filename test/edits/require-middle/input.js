var a = require("a");
var z = require("./z"); // z
foo();
