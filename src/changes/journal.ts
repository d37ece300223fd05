import { join } from 'node:path'
import { RefusedError } from '../errors.ts'
import { errorCode } from '../system/error-code.ts'
import { readFleeting } from '../system/reading.ts'
import { removeFile, rename, syncFolder, writeDurably } from '../system/writing.ts'
import { tried } from './fault.ts'
import { historyFolder } from './history.ts'
import { parseTransaction, type Transaction } from './transaction.ts'

/** To the new tree, or, after a fault, to the old one. */
export type Direction = 'forward' | 'back'

export interface Journal {
  readonly direction: Direction
  readonly transaction: Transaction
}

const names = { forward: 'journal.json', back: 'journal-back.json' } as const

export function journalPath(direction: Direction): string {
  return `${historyFolder}/${names[direction]}`
}

export function isJournal(name: string): boolean {
  return name === names.forward || name === names.back
}

/** Whether a file is one that was to become the journal. */
export function isDraft(name: string): boolean {
  return /^journal-[0-9a-f]+~$/.test(name)
}

function draftPath(root: string, id: string): string {
  return join(root, historyFolder, `journal-${id}~`)
}

/** From the rename in here on the transaction is going to happen, whoever does it. */
export function writeJournal(root: string, transaction: Transaction): void {
  const draft = draftPath(root, transaction.id)
  writeDurably(draft, `${JSON.stringify(transaction)}\n`)
  rename(draft, join(root, journalPath('forward')))
  syncFolder(join(root, historyFolder))
}

/** From here on everything is taken back, whoever does it. False if there is no journal. */
export function turnJournal(root: string): boolean {
  try {
    rename(join(root, journalPath('forward')), join(root, journalPath('back')))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
  // Whether the disk can promise it or not, to put the files back now is the best there is.
  tried(() => syncFolder(join(root, historyFolder)))
  return true
}

export function removeJournal(root: string, direction: Direction): void {
  removeFile(join(root, journalPath(direction)))
}

export function removeDraft(root: string, id: string): void {
  removeFile(draftPath(root, id))
}

/** What has to be gone on with, if there is anything. Refuses a journal that cannot be read. */
export function readJournal(root: string): Journal | undefined {
  for (const direction of ['back', 'forward'] as const) {
    const path = journalPath(direction)
    const file = readFleeting(join(root, path))
    if (file === undefined) continue
    const transaction = parseTransaction(root, file.text)
    if (transaction === undefined) throw unreadable(path)
    return { direction, transaction }
  }
  return undefined
}

function unreadable(path: string): RefusedError {
  return new RefusedError([
    {
      code: 'BROKEN_RECORD',
      file: path,
      message: `${path} says what an interrupted command has still to do, and cannot be read.`,
      hint: 'Look at the files with git, delete it, then run the command again.',
    },
  ])
}
