import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Answer, expectSoundAnswer } from '../../../support/problem.ts'
import { parseAnswers } from './answers.ts'
import type { Dice } from './dice.ts'
import { garbageBytes, requestBytes, type World } from './requests.ts'

/** Ms after which an open connection counts as hanging. Generous, for busy machines. */
const hangingMs = 60_000

/** Ms without a byte after which a client that has read whole responses hangs up. */
const quietMs = 100

/** Bytes that any system keeps for a client that has yet to read them. */
const clientBuffer = 65_536

/** The requests of one connection and the responses to them. */
interface Outcome {
  answers: Answer[]
  sent: number
}

/**
 * Opens one connection, sends random requests, and asserts that the responses are sound.
 *
 * @param number identifies the connection in the message of a failure
 */
export async function exchange(
  url: string,
  world: World,
  dice: Dice,
  number: number,
): Promise<Outcome> {
  const { chunks, count, ending, pause } = plan(world, dice)
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
  let received = ''
  let quiet: NodeJS.Timeout | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      const hangs = setTimeout(() => reject(new Error('The connection hangs.')), hangingMs)
      socket.setEncoding('latin1').on('data', (text: string) => {
        received += text
        clearTimeout(quiet)
        quiet = setTimeout(() => parseAnswers(received).rest === '' && socket.destroy(), quietMs)
      })
      socket.on('end', () => socket.end())
      // A server that closes early resets the connection of a client that still writes.
      socket.on('error', () => {})
      socket.on('close', () => {
        clearTimeout(hangs)
        clearTimeout(quiet)
        resolve()
      })
      void write()
    })
    const { answers, rest } = parseAnswers(received)
    // Where a request that ends the connection is followed by more bytes, the system drops what the
    // client's buffer had no room for.
    const isCutOff = count > 1 && received.length > clientBuffer
    if (ending === 'wait' && !socket.errored && !isCutOff) expect(rest).toBe('')
    for (const answer of answers) {
      expectSoundAnswer(answer)
      // Whatever a client sends, it must not cause a failure of the server.
      expect(answer.status).toBeLessThan(500)
    }
    return { answers, sent: count }
  } catch (error) {
    const bytes = JSON.stringify(Buffer.concat(chunks).toString('latin1').slice(0, 3_000))
    const answer = JSON.stringify(received.slice(0, 3_000))
    const message = `Connection ${number}, ${ending}: ${error}\nsent ${bytes}\nreceived ${answer}`
    throw new Error(message, { cause: error })
  } finally {
    socket.destroy()
  }

  async function write(): Promise<void> {
    for (const chunk of chunks) {
      if (socket.writable) socket.write(chunk)
      if (pause > 0) await sleep(pause)
    }
    if (ending === 'half-close') socket.end()
    if (ending === 'reset') socket.resetAndDestroy()
  }
}

/** Decides what to send on one connection: one request or several, whole, cut off or in pieces. */
function plan(world: World, dice: Dice) {
  const count = dice.percent(75) ? 1 : 2 + dice.below(4)
  let chunks = Array.from({ length: count }, (_, index) =>
    requestBytes(world, dice, index === count - 1),
  )
  if (dice.percent(8)) chunks.push(garbageBytes(dice))
  if (dice.percent(2)) chunks.unshift(garbageBytes(dice))
  let all: Buffer = Buffer.concat(chunks)
  if (dice.percent(4)) all = all.subarray(0, dice.below(all.length))
  const split = dice.below(all.length)
  const pause = dice.percent(10) ? dice.below(20) : 0
  chunks = pause > 0 ? [all.subarray(0, split), all.subarray(split)] : [all]
  const ending = dice.percent(92) ? 'wait' : dice.pick(['half-close', 'reset'] as const)
  return { chunks, count, ending, pause }
}
