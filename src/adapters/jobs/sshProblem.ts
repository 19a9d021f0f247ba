import type { Problem, ProblemCode } from '../../core/model/problem.ts';
import { shortWords } from './answering.ts';

interface Reading {
  /** What ssh writes. */
  readonly says: RegExp;
  readonly code: ProblemCode;
  readonly means: (host: string) => string;
}

const lost = 'the connection was cut';

/** The first that fits holds. Source: what OpenSSH 9.2 was seen to write, and its own sources. */
const readings: readonly Reading[] = [
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED/, code: 'target-refused',
    means: host => `the host key of ${host} is another than before. If you know why, remove the old one with ssh-keygen -R and connect once by hand with ssh ${host}`,
  },
  { says: /Host key verification failed|No .* host key is known/, code: 'target-refused', means: host => `the host key of ${host} is not known yet. Connect once by hand with ssh ${host}, and compare it` },
  {
    says: /Permission denied|Too many authentication failures|No more authentication methods/, code: 'target-refused',
    means: host => `${host} accepts none of your keys. A password is never asked for here: load a key into your agent with ssh-add, or name one in your ssh configuration`,
  },
  { says: /Bad configuration option|terminating, \d+ bad configuration|Bad owner or permissions/, code: 'target-unfit', means: () => 'your ssh configuration has a mistake in it' },
  { says: /Could not resolve hostname/, code: 'target-unreachable', means: host => `the name ${host} is not known. Is it misspelt, or is a VPN needed?` },
  { says: /Connection refused/, code: 'target-unreachable', means: host => `nothing listens for ssh on ${host}` },
  { says: /timed out|Timeout, server/, code: 'target-unreachable', means: host => `${host} does not answer. Is a VPN needed?` },
  { says: /No route to host|Network is unreachable/, code: 'target-unreachable', means: host => `there is no way to ${host}. Is a VPN needed?` },
  { says: /closed by|Connection reset|Broken pipe|kex_exchange_identification|mux_client/, code: 'target-unreachable', means: () => lost },
];

/** Why ssh itself failed, by what it wrote. Where it wrote nothing the connection was cut: through a shared connection it says no word of that. */
export function sshProblem(stderr: string, host: string): Problem {
  const reading = readings.find(({ says }) => says.test(stderr));
  const code = reading?.code ?? 'target-unreachable';
  const said = shortWords(stderr);
  const means = reading?.means(host) ?? (said === '' ? lost : 'ssh failed');
  return { code, message: `No connection to ${host}: ${means}${means.endsWith('?') ? '' : '.'}${said === '' ? '' : ` ssh says: ${said}`}`, retryable: code === 'target-unreachable' };
}
