const a = require("a");
