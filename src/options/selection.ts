export const presets = ['minimal', 'standard'] as const
export type Preset = (typeof presets)[number]

/** What was asked: a preset, features on top of it, and features that shall not be there. */
export interface Selection {
  readonly preset: Preset
  readonly features: readonly string[]
  readonly without: readonly string[]
}
