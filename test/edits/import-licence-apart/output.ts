/**
 * Licence text.
 */

import u from './u.ts'

foo()
