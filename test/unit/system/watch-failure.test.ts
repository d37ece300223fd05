import { EventEmitter } from 'node:events'
import { expect, it, vi } from 'vitest'
import { watchNames } from '../../../src/system/watch.ts'

const watcher = Object.assign(new EventEmitter(), { close: async () => {} })
vi.mock('chokidar', () => ({ watch: () => watcher }))

it('says once why changes are not noticed any more, also before it is ready', async () => {
  const reasons: string[] = []
  const watching = watchNames(
    '/p',
    ['src'],
    () => {},
    (reason) => void reasons.push(reason),
  )
  await vi.waitFor(() => expect(watcher.listenerCount('error')).toBe(1), { timeout: 60_000 })
  watcher.emit('error', Object.assign(new Error('no space left: watch /p'), { code: 'ENOSPC' }))
  watcher.emit('error', new Error('again'))
  await (await watching)()
  expect(reasons).toEqual(['no space left: watch /p (raise fs.inotify.max_user_watches)'])
})
