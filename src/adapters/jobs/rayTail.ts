import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';

const opcodes = { close: 8, ping: 9, pong: 10 } as const;

/**
 * What the frames of a WebSocket hold, as bytes, to its end. Never more than one read of the socket is in memory, however long a frame is: while nobody asks for
 * more, the other side waits. undici's own WebSocket takes in whatever comes, and a log may have a gigabyte.
 */
export async function* framesOf(socket: Duplex): AsyncGenerator<Buffer, void> {
  let held: Buffer = Buffer.alloc(0);
  let inFrame = 0;
  for await (const piece of socket as AsyncIterable<Buffer>) {
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    while (held.length > 0) {
      if (inFrame > 0) {
        const part = held.subarray(0, inFrame);
        inFrame -= part.length;
        held = held.subarray(part.length);
        yield part;
        continue;
      }
      const head = readHead(held);
      if (head === undefined) break;
      const isControl = head.opcode >= opcodes.close;
      if (isControl && held.length < head.size + head.length) break; // at most 125 bytes
      if (head.opcode === opcodes.ping) socket.write(pong(held.subarray(head.size, head.size + head.length)));
      if (head.opcode === opcodes.close) return;
      held = held.subarray(head.size + (isControl ? head.length : 0));
      if (!isControl) inFrame = head.length;
    }
  }
}

interface Head {
  readonly opcode: number;
  /** Bytes of the head itself. */
  readonly size: number;
  /** Bytes that follow it. */
  readonly length: number;
}

/** Source: RFC 6455, section 5.2. A server masks nothing. */
function readHead(bytes: Buffer): Head | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const opcode = first & 0x0f;
  const short = second & 0x7f;
  if (short < 126) return { opcode, size: 2, length: short };
  const size = short === 126 ? 4 : 10;
  if (bytes.length < size) return undefined;
  return { opcode, size, length: short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)) };
}

/** A client masks what it sends. */
function pong(content: Buffer): Buffer {
  const mask = randomBytes(4);
  return Buffer.concat([Buffer.from([0x80 | opcodes.pong, 0x80 | content.length]), mask, content.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}
