/*! MIT */

// This file is auto-generated.
// See x.
export const plugins = [A]
