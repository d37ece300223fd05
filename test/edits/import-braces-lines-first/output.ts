import {
	a,
	b,
	x
} from './u.ts'
