import type { LogPiece } from '../../core/model/trainingJob.ts';

/** Longest UTF-8 character; no fewer bytes are read, or a piece might not get on. */
export const leastBytes = 4;

/**
 * A piece of a log from bytes that were read: up to the last whole character, where more is to come. What is no UTF-8 becomes U+FFFD.
 *
 * @param size bytes of the log when it was read
 */
export function logPiece(bytes: Buffer, from: number, size: number): LogPiece {
  const toEnd = from + bytes.length >= size;
  const whole = bytes.length - openBytes(bytes);
  const used = whole === 0 && !toEnd ? bytes.length : whole;
  return { text: bytes.toString('utf8', 0, used), next: from + used, atEnd: toEnd };
}

/** How many bytes at the end are the beginning of a character. Source: RFC 3629, section 3. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue; // inside a character
    const length = byte >= 0xf8 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
