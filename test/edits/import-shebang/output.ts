#!/usr/bin/env node
import u from './u.ts';

foo();
