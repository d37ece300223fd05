/*! MIT */
'use strict';

const u = require('./u.js');

module.exports = {};
