import type { Refusal } from './refusal.ts'

/**
 * What one op did to one text. `chunk` is the exact text that is ours in the file (for JSON the
 * property without its comma); it is what the ledger records and what the inverse takes out.
 */
export type ApplyResult =
  | { readonly state: 'applied'; readonly text: string; readonly chunk: string }
  | {
      readonly state: 'present'
      /** For an import: the name under which the file knows it, where it is not the one asked for. */
      readonly local?: string
    }
  | { readonly state: 'refused'; readonly refusal: Refusal }

/** What taking one recorded op back did. `absent` means that somebody had removed it already. */
export type RevokeResult =
  | { readonly state: 'revoked'; readonly text: string }
  | { readonly state: 'absent' }
  | { readonly state: 'refused'; readonly refusal: Refusal }
