var a = require('a'), b = require('b');
