import fs, { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BatchedOutput } from '../../../src/observability/logger.ts'

let folder: string
let fd: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-output-'))
  fd = openSync(join(folder, 'log'), 'w')
})

afterEach(() => {
  vi.restoreAllMocks()
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

const written = () => readFileSync(join(folder, 'log'), 'utf8')

/** An output, and how its end of the process is called. */
function start() {
  const before = process.listeners('exit')
  const output = new BatchedOutput(fd)
  const [onExit] = process.listeners('exit').filter((listener) => !before.includes(listener))
  return { output, exit: () => onExit?.(0) }
}

test('the lines of one turn are written at its end, in one go', async () => {
  const { output } = start()
  const write = vi.spyOn(fs, 'writeSync')
  output.write('one\n')
  output.write('two ä\n')
  expect(written()).toBe('')
  await nextTurn()
  expect(written()).toBe('one\ntwo ä\n')
  output.write('three\n')
  await nextTurn()
  expect(written()).toBe('one\ntwo ä\nthree\n')
  expect(write).toHaveBeenCalledTimes(2)
})

test('more than a pipe takes at once is written piece by piece, in order, no line in two', async () => {
  const { output } = start()
  const write = vi.spyOn(fs, 'writeSync')
  const lines = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(100, '.').concat('\n'))
  const long = `${'long'.repeat(2_000)}\n`
  for (const line of [...lines, long, 'last\n']) output.write(line)
  await nextTurn()
  expect(written()).toBe(`${lines.join('')}${long}last\n`)
  const pieces = write.mock.calls.map(([, text]) => String(text))
  expect(pieces.every((piece) => piece.endsWith('\n'))).toBe(true)
  expect(pieces.filter((piece) => piece.length > 4_096)).toEqual([long])
})

test('what is left is written for a fatal error, and at the end of the process', () => {
  const { output, exit } = start()
  output.write('fatal\n')
  output.flushSync()
  expect(written()).toBe('fatal\n')
  output.write('left\n')
  exit()
  expect(written()).toBe('fatal\nleft\n')
})

test('lines that cannot be written end nothing, and later ones are tried again', () => {
  const { output } = start()
  const error = Object.assign(new Error('full'), { code: 'ENOSPC' })
  const write = vi.spyOn(fs, 'writeSync').mockImplementationOnce(() => {
    throw error
  })
  output.write('lost\n')
  output.flushSync()
  output.write('kept\n')
  output.flushSync()
  expect(written()).toBe('kept\n')
  expect(write).toHaveBeenCalledTimes(2)
})

test('a full pipe, and one that takes a part of a line, get all of it in the end', () => {
  const { output } = start()
  const { writeSync } = fs
  let calls = 0
  vi.spyOn(fs, 'writeSync').mockImplementation((...args: unknown[]) => {
    const [file, bytes, at] = args as [number, Buffer, number]
    calls += 1
    if (calls % 2 === 1) throw Object.assign(new Error('full'), { code: 'EAGAIN' })
    return writeSync(file, bytes, at, Math.min(3, bytes.length - at))
  })
  output.write('one ä two\n')
  output.flushSync()
  expect(written()).toBe('one ä two\n')
})
