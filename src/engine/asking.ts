/** Whoever asks an engine over a connection. Two windows are two clients. */
export interface Client {
  /** Aborts when the connection has ended. */
  readonly gone: AbortSignal;
}

/** On whose behalf something is asked. */
export interface Asking {
  readonly client: Client;
  /** Aborts when the client takes its request back, or is gone: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
