import { randomFrom } from '../../support/random.ts'

/** Random values that every client may send, and that come back unchanged. */
export class RandomValues {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = randomFrom(seed)
  }

  /** A body of a specimen with a value for every field. */
  body(serial: number): Record<string, unknown> {
    const optional = <Value>(value: Value) => (this.below(4) === 0 ? null : value)
    const list = <Value>(make: () => Value) => Array.from({ length: this.below(5) }, make)
    return {
      title: this.text(1, 255),
      code: `${this.text(1, 20)}-${serial}`,
      body: optional(this.text(0, 500)),
      qty: this.below(5) - 2,
      views: this.bigint(),
      maybeViews: optional(this.bigint()),
      ratio: this.float(),
      price: this.decimal(8, 2),
      active: this.below(2) === 0,
      born: optional(this.day()),
      seenAt: this.moment(),
      startsAt: this.moment(),
      key: this.uuid(),
      meta: this.document(4),
      status: this.pick(['draft', 'active']),
      tags: list(() => this.text(1, 255)),
      labels: list(() => this.text(1, 10)),
      counts: optional(list(() => this.integer())),
      moments: list(() => this.moment()),
      rank: this.pick([this.float(), 0, 1, -1]),
      total: this.pick([this.bigint(), '0', '9007199254740993', '9007199254740992']),
      fee: this.pick([this.decimal(8, 4), '0.0000', '1.0000']),
      due: this.pick([this.day(), '2026-01-31']),
      heldAt: this.pick([this.moment(), '2026-01-31T09:30:00.000Z']),
      note: this.pick([this.text(0, 650), '', 'a']),
      ratios: optional(list(() => this.float())),
      totals: optional(list(() => this.bigint())),
      fees: optional(list(() => this.decimal(2, 3))),
      flags: optional(list(() => this.below(2) === 0)),
      days: optional(list(() => this.day())),
      keys: optional(list(() => this.uuid())),
      states: optional(list(() => this.pick(['new', 'done']))),
    }
  }

  /** An integer from 0 up to, and without, `end`. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value
  }

  /** Characters of every plane but NUL and surrogates, and some that have a meaning somewhere. */
  text(least: number, most: number): string {
    const length = least + this.below(this.pick([4, 20, most - least + 1]))
    const character = () =>
      this.pick([
        () => this.pick([...`'"\\{},%_ ;\n\t$1NULL`]),
        () => String.fromCodePoint(1 + this.below(0x7f)),
        () => String.fromCodePoint(1 + this.below(0xd7ff)),
        () => String.fromCodePoint(0xe000 + this.below(0x102000)),
      ])()
    return Array.from({ length: Math.min(length, most) }, character).join('')
  }

  integer(): number {
    return this.below(2 ** 32) - 2 ** 31
  }

  bigint(): string {
    const bits = BigInt(this.below(2 ** 32)) * 2n ** 32n + BigInt(this.below(2 ** 32))
    return String(BigInt.asIntN(64, bits >> BigInt(this.below(64))))
  }

  float(): number {
    const bytes = new DataView(new ArrayBuffer(8))
    bytes.setUint32(0, this.below(2 ** 32))
    bytes.setUint32(4, this.below(2 ** 32))
    const value = bytes.getFloat64(0)
    return Number.isFinite(value) && value !== 0 ? value : this.below(100) / 8
  }

  decimal(digits: number, scale: number): string {
    const whole = this.below(10 ** this.below(digits + 1))
    const fraction = String(1 + this.below(10 ** scale - 1)).padStart(scale, '0')
    return `${this.pick(['', '-'])}${whole}.${fraction}`
  }

  day(): string {
    return this.moment().slice(0, 10)
  }

  moment(): string {
    const [first, last] = this.pick([
      ['0001-01-01T00:00:00.000Z', '0100-01-01T00:00:00.000Z'],
      ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
      ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.010Z'],
    ]).map((text) => Date.parse(text)) as [number, number]
    return new Date(first + this.below(last - first + 1)).toISOString()
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16)).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  /** An object or an array. */
  document(depth: number): unknown {
    const entries = Array.from({ length: this.below(4) }, () => this.#value(depth - 1))
    if (this.below(2) === 0) return entries
    return Object.fromEntries(entries.map((value, index) => [`${this.text(0, 5)}${index}`, value]))
  }

  #value(depth: number): unknown {
    return this.pick([
      () => null,
      () => this.below(2) === 0,
      () => this.float(),
      () => this.integer(),
      () => this.text(0, 20),
      () => (depth > 0 ? this.document(depth) : []),
    ])()
  }
}
