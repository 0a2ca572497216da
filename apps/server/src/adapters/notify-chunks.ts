/** PostgreSQL takes a notification of less than 8,000 bytes. */
const largestBytes = 7_900
/** UTF-16 units that surely fit, at most 3 bytes each. */
const pieceLength = Math.floor(largestBytes / 3)

/**
 * Cuts a text into notifications: "+0 ...", "+1 ...", and ".2 ..." for the last. They must be sent in one transaction:
 * then they arrive together or not at all. The number keeps PostgreSQL from dropping equal ones as duplicates.
 */
export function toNotifications(text: string): string[] {
  if (Buffer.byteLength(text) < largestBytes) return [`.0 ${text}`]
  const pieces = cut(text)
  return pieces.map((piece, index) => `${index === pieces.length - 1 ? '.' : '+'}${index} ${piece}`)
}

function cut(text: string): string[] {
  const pieces: string[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + pieceLength, text.length)
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff

/** Puts the notifications of one connection together again and passes on each whole text. */
export function fromNotifications(receive: (text: string) => void): (notification: string) => void {
  let pieces: string[] = []
  return notification => {
    const [, mark, index] = /^([+.])(\d+) /.exec(notification) ?? []
    if (index === '0') pieces = []
    // Not ours, or a text whose beginning we have not seen.
    if (mark === undefined || Number(index) !== pieces.length) return
    pieces.push(notification.slice(notification.indexOf(' ') + 1))
    if (mark === '+') return
    const text = pieces.join('')
    pieces = []
    receive(text)
  }
}
