import { hostname } from 'node:os';
import type { CreateJobRunner, JobRunner } from '../../ports/jobRunner.ts';
import { normaliseBaseUrl } from '../models/baseUrl.ts';
import type { Endpoint } from '../models/endpoint.ts';
import { openTransport } from '../models/transport.ts';
import { commandRunner } from './command.ts';
import { OpenAiApi } from './openaiApi.ts';
import { openaiJobRunner } from './openaiJobs.ts';
import { rayRunner } from './ray.ts';
import { RayHttp } from './rayHttp.ts';
import { localShell, sshShell, type Shell } from './shell.ts';
import { slurmRunner } from './slurm.ts';

/** What runners need of this machine. */
export interface JobRunnersOptions {
  /** Of programs that are started (`PATH`, `HOME`, `SSH_AUTH_SOCK`), and where proxies are named; `process.env` but in tests. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Our version, for the `User-Agent`. */
  readonly version?: string;
}

/** What makes the runners of this machine, one for each target. A runner opens no connection before its first call. Throws `ProblemError`: `usage` for an address that is none. */
export function jobRunners({ environment, version = 'unreleased' }: JobRunnersOptions): CreateJobRunner {
  const userAgent = `regenesis/${version}`;
  const shellOf = (host: string | undefined): Shell => (host === undefined || host === '' ? localShell(environment) : sshShell(host, environment));
  return (target, { apiKey }): JobRunner => {
    switch (target.kind) {
      case 'openai': {
        const endpoint: Endpoint = { baseUrl: normaliseBaseUrl(target.url), apiKey, machine: hostname() };
        return openaiJobRunner(new OpenAiApi(openTransport(endpoint, { userAgent, environment }), endpoint));
      }
      case 'ray': return rayRunner(new RayHttp({ url: target.url, userAgent, environment, ...(apiKey !== undefined && { apiKey }) }), target);
      case 'slurm': return slurmRunner(shellOf(target.host), target);
      case 'command': return commandRunner(shellOf(target.host), target);
    }
  };
}
