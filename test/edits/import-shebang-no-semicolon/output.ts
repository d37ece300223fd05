#!/usr/bin/env node
import u from './u.js';

foo();
