var u = require("./u.js");
