"use strict";

foo();
