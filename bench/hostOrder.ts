/** What is to be measured in the extension host: how late its loop is while a run goes on. */
export interface LagOrder {
  readonly measure: 'lag';
  /** File that takes the result. */
  readonly out: string;
  readonly project: string;
  /** Address of the server's metrics. */
  readonly metrics: string;
  readonly inFlight: number;
  readonly watchedMs: number;
  /** What starts the run. */
  readonly command: readonly string[];
}

/** Everything that can be measured there. */
export type HostOrder = LagOrder | { readonly measure: 'activation'; readonly out: string };
