import { u as v } from './u.js'
