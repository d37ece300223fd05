var a = require('a'), b = require('b');
var u = require('./u.js');
