import { expect, it } from 'vitest'
import { serveMessages } from '../../../../src/dev/serve/messages.ts'
import { settingsOf } from '../../../../src/dev/serve/settings.ts'

function messages() {
  const said: string[] = []
  const speaker = {
    say: (text: string) => void said.push(text),
    complain: (text: string) => void said.push(text),
  }
  const settings = () => settingsOf({ API_PREFIX: '/api/v1' })
  return {
    said,
    ...serveMessages(
      speaker,
      settings,
      () => 2500,
      () => '10.0.0.7',
    ),
  }
}

it('shows the addresses in one piece, so that no line of the log comes between them', () => {
  const { serving, said } = messages()
  serving({ host: '0.0.0.0', port: 8000 })
  expect(said).toHaveLength(1)
  expect(said[0]?.split('\n')).toHaveLength(4)
})

it('shows what does not compile, and what is served meanwhile, in one piece', () => {
  const { broken, said } = messages()
  broken('src/app.ts(1,1): error TS1134', true)
  expect(said).toEqual([
    'src/app.ts(1,1): error TS1134\nStill serving the last version that compiled.',
  ])
})

it.each([
  [['src/app.ts'], 'src/app.ts changed: reloaded in 1.5 s'],
  [['.env', 'src/app.ts', 'src/a.ts'], '.env and 2 more changed: reloaded in 1.5 s'],
])('names the files that caused a reload: %j', (files, line) => {
  const { reloaded, said } = messages()
  reloaded(1000, files)
  expect(said).toEqual([line])
})
