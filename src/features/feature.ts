import type { Op } from '../model/op.ts'
import type { Owned } from '../model/owner.ts'

/**
 * One change that a feature makes in a file of somebody else. `owner` is the feature that brings
 * the file; without it the file belongs to the base. Where the owner is absent the contribution
 * waits, and is made when the owner is added.
 */
export interface Contribution {
  readonly path: string
  readonly op: Op
  readonly owner?: string
  /** The template, below `templates/contributions/<feature>`, that holds the text of the op. */
  readonly text?: string
}

/** The version of `dependency` wherever `dependent` asks for it. */
export interface Override {
  readonly dependent: string
  readonly dependency: string
  readonly version: string
}

/** One optional capability: data only. */
export interface Feature {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly requires: readonly string[]
  readonly conflicts: readonly string[]
  /** Packages, by name; their versions are in `versions.ts`. */
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
  /** Versions of packages below others that an install without warnings needs. */
  readonly overrides: readonly Override[]
  readonly contributions: readonly Contribution[]
  /** What it has for itself in a service: nothing generated may be called so. */
  readonly owned: Partial<Owned>
  /** Comes in where another feature requires it; nobody is asked whether they want it. */
  readonly internal: boolean
}

type FeatureInit = Pick<Feature, 'id' | 'title' | 'summary'> & Partial<Feature>

/** Describes a feature; what is left out is empty. */
export function defineFeature(init: FeatureInit): Feature {
  return {
    requires: [],
    conflicts: [],
    dependencies: [],
    devDependencies: [],
    overrides: [],
    contributions: [],
    owned: {},
    internal: false,
    ...init,
  }
}
