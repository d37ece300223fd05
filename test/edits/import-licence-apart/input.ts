/**
 * Licence text.
 */

foo()
