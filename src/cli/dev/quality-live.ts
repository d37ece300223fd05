/** Lines at the end of a terminal that are drawn again in place. The cursor is never hidden. */
export interface Live {
  draw(): void
  /** Removes the lines for good. */
  end(): void
  /** Prints something for good above the lines. */
  above(print: () => void): void
}

interface Screen {
  write(text: string): void
  lines(frame: number): readonly string[]
}

const everyMs = 100

/** Draws until it is ended. */
export function openLive({ write, lines }: Screen): Live {
  let height = 0
  let frame = 0
  const erased = () => {
    const text = height === 0 ? '' : `\u001B[${height}A\r\u001B[J`
    height = 0
    return text
  }
  const draw = () => {
    const before = erased()
    const drawn = lines(frame)
    height = drawn.length
    write(`${before}${drawn.map((line) => `${line}\n`).join('')}`)
  }
  const timer = setInterval(() => {
    frame += 1
    draw()
  }, everyMs)
  return {
    draw,
    end: () => {
      clearInterval(timer)
      write(erased())
    },
    above: (print) => {
      write(erased())
      print()
      draw()
    },
  }
}
