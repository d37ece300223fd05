/** One thing to choose from. */
export interface Choice<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly hint?: string
}

/** How a person is asked for an option that no flag gave. */
export type Question =
  | {
      readonly kind: 'text'
      readonly message: string
      /** Shown in grey until somebody types. */
      readonly placeholder: string
      /** Stands for an empty answer; without it an empty answer is itself. */
      readonly fallback?: string
      /** What is wrong with an answer, which is then asked for again. */
      fault?(answer: string): string | undefined
    }
  | { readonly kind: 'confirm'; readonly message: string; readonly initial: boolean }
  | {
      readonly kind: 'select'
      readonly message: string
      readonly choices: readonly Choice[]
      readonly initial: string
    }
  | {
      readonly kind: 'multiselect'
      readonly message: string
      readonly choices: readonly Choice[]
      readonly initial: readonly string[]
      /** Whether an empty answer is asked for again. */
      readonly isRequired?: boolean
      /** What an answer brings with it, to show below it. */
      notes?(answer: readonly string[]): readonly string[]
    }

/**
 * One option of a command: its flag, its line in the help and, where it is worth asking for, its
 * question. `K` is the key under which its value arrives.
 */
export interface OptionDefinition<K extends string = string> {
  readonly key: K
  readonly flags: string
  readonly summary: string
  readonly choices?: readonly string[]
  readonly question?: Question
}
