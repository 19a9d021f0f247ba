// The wire to an engine. In a file of its own, since a window of the editor starts without: it is loaded with the first engine that is met.
import type { Socket } from 'node:net';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';

/** A connection over a socket, that listens already. A broken one is told by the end of the socket. */
export function connectionOver(socket: Socket): MessageConnection {
  const reader = new SocketMessageReader(socket);
  reader.partialMessageTimeout = 0; // its timer would keep this process alive where the engine dies within a message
  const connection = createMessageConnection(reader, new SocketMessageWriter(socket));
  connection.onError(() => undefined); // told by its end
  connection.listen();
  return connection;
}
