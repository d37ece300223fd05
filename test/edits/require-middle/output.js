var a = require("a");
var u = require("./u.js");
var z = require("./z"); // z
foo();
