import type { Op } from './op.ts'
import type { CodeStyle } from './place.ts'
import type { ForeignManifest, Manifest } from './project.ts'
import type { UnitHead, UnitId } from './unit.ts'

/** What a template may refer to. */
export type TemplateData = { readonly [key: string]: unknown }

/** Opens a unit: what follows in its name is recorded as its own. */
export interface UnitStep {
  readonly kind: 'unit'
  readonly unit: UnitHead
}

/** Renders a folder below `templates/` into the project's root. */
export interface RenderStep {
  readonly kind: 'render'
  readonly unit: UnitId
  readonly from: string
  readonly data: TemplateData
  /** How the project writes code, where that isn't how templates are written. */
  readonly style?: CodeStyle
}

/** Edits a file that the unit does not own. */
export interface EditStep {
  readonly kind: 'edit'
  readonly unit: UnitId
  readonly path: string
  readonly op: Op
  /** A template whose text is the op's block or lines. */
  readonly text?: string
  readonly data?: TemplateData
  /** All lines of a registration, to be pasted where this one is refused. */
  readonly paste?: string
}

/** Takes a whole unit back: its edits, its files, its record. */
export interface RevokeStep {
  readonly kind: 'revoke'
  readonly unit: UnitId
  /** Files that stay although they are ours, for example an applied migration. */
  readonly keep: readonly string[]
  /** Packages that stay although we asked for them, because somebody else uses them by now. */
  readonly keepPackages?: readonly string[]
  /** The way on where a file was edited. */
  readonly whenEdited: string
}

/** Forgets a unit: its files and lines are the user's from then on. */
export interface DetachStep {
  readonly kind: 'detach'
  readonly unit: UnitId
}

/** Refuses the plan if a file that it deletes is imported by one that stays. Comes last. */
export interface CheckImportsStep {
  readonly kind: 'check-imports'
  /** The files that may import one. */
  readonly importers: readonly string[]
  /** Files by the specifiers that lead to them, beside relative ones; without endings. */
  readonly aliases: { readonly [specifier: string]: string }
}

/** Copies a file of the project to another place, as the inverse of an applied migration needs. */
export interface CopyStep {
  readonly kind: 'copy'
  readonly from: string
  readonly to: string
}

/** Sets properties of the manifest. */
export interface ManifestStep {
  readonly kind: 'manifest'
  readonly set: Partial<Manifest> | Partial<ForeignManifest>
}

/** Removes the manifest of a project that was made elsewhere, once no unit is left in it. */
export interface ForgetStep {
  readonly kind: 'forget'
}

/** Puts a file back as it was; without a text the file goes. */
export interface RestoreStep {
  readonly kind: 'restore'
  readonly path: string
  readonly text?: string
  /** The hash of what is replaced; nothing where no file is. Another content is refused. */
  readonly was?: string
  /** Whether the line endings follow those around, because git has converted the project since. */
  readonly isConverted?: true
}

export type Step =
  | UnitStep
  | RenderStep
  | EditStep
  | RevokeStep
  | DetachStep
  | CheckImportsStep
  | CopyStep
  | ManifestStep
  | ForgetStep
  | RestoreStep
