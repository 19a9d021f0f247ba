import type { Hash } from '../core/model/ids.ts';
import type { Problem } from '../core/model/problem.ts';
import type { events, BodyOf } from '../contract/engine.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { JobFiles } from '../ports/jobFiles.ts';
import type { CreateJobRunner } from '../ports/jobRunner.ts';
import type { LanguageModel } from '../ports/languageModel.ts';
import type { RowSource } from '../ports/rowSource.ts';
import type { Store } from '../ports/store.ts';

/** Everything the engine needs of the world, put together by its door. */
export interface EngineDependencies {
  /** Version of the product. */
  readonly app: string;
  readonly host: string;
  readonly pid: number;
  readonly node: string;
  readonly openStore: (path: string, create: boolean) => Store;
  readonly createModel: (endpoint: { readonly baseUrl: string; readonly model?: string; readonly apiKey?: string }) => LanguageModel;
  readonly rows: RowSource;
  readonly files: Files;
  readonly jobFiles: JobFiles;
  readonly createJobRunner: CreateJobRunner;
  /** Has a model server serve an adapter beside its base. @returns why it could not; nothing where it is served */
  readonly loadAdapter: (adapter: { readonly baseUrl: string; readonly apiKey?: string; readonly name: string; readonly path: string; readonly signal: AbortSignal }) => Promise<Problem | undefined>;
  readonly clock: Clock;
  readonly hash: Hash;
  /** Deadline of one request to a model, in milliseconds; absent: ten minutes. */
  readonly requestTimeoutMs?: number;
  /** Version of the code that understands answers and checks paths: outcomes of another one are worked out anew. */
  readonly understanding: string;
  /** Loads the table of cl100k, which is large. */
  readonly loadCl100k: () => Promise<(text: string) => number>;
  readonly emit: <Name extends keyof typeof events>(name: Name, body: BodyOf<(typeof events)[Name]>) => void;
}
