import type { Step } from './step.ts'

/** A program with its arguments, never a shell string. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: { readonly [name: string]: string }
}

/** Work after the files are written. */
export type FollowUp =
  | { readonly kind: 'install'; readonly command: Command }
  | { readonly kind: 'git'; readonly root: string; readonly message: string }

/** Everything a command is going to do, as data. */
export interface Plan {
  /** The words of the command, for example `generate resource`. */
  readonly command: string
  /** Absolute path of the project's root. */
  readonly root: string
  readonly steps: readonly Step[]
  readonly followUps: readonly FollowUp[]
  /** What the user should know before: a feature that is pulled in, a file that stays. */
  readonly notices: readonly string[]
  /** What there is once it is done, for example the routes and who may call them. */
  readonly result?: readonly string[]
  /** What to type next. */
  readonly next: readonly string[]
  /** The command goes on after its report, and shows what to type next at its own end. */
  readonly goesOn?: true
  /** The id of the past run that is taken back. */
  readonly undoes?: string
  /** Whether there is a way back that this program offers; a new service is simply removed. */
  readonly isUndoable?: false
  /** What to say if there is nothing to do; by default that everything is there. */
  readonly whenPresent?: string
}
