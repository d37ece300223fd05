/*! MIT */
'use strict';

module.exports = {};
