// Servers that listen on this machine where such servers usually do. Knows nothing of the editor.
import type { SurveyReport } from '../../contract/reports.ts';
import { problemOf } from '../../core/model/problem.ts';
import type { ServerKind } from '../../core/model/server.ts';

/** Where they usually do: vLLM, SGLang, llama.cpp (two), Ollama, LM Studio. */
export const usualPorts: readonly number[] = [8000, 30000, 8080, 9931, 11434, 1234];

/** A server of this machine answers in a moment; one under load takes some. Nothing is waited for that listens and is silent. */
export const lookForMs = 3_000;

/** A server that answered. */
export interface FoundServer {
  readonly baseUrl: string;
  readonly kind: ServerKind;
  readonly models: readonly string[];
  /** It wants a key before it says anything. */
  readonly wantsKey: boolean;
}

/** Looks at the usual ports, all at a time, and tells of each server as it is found. What is there and is no such server is left out. Never throws; resolves when all have answered or had their time. */
export async function lookAround(look: (url: string) => Promise<SurveyReport>, onFound: (found: FoundServer) => void, ports: readonly number[] = usualPorts): Promise<void> {
  await Promise.all(ports.map(async port => {
    const url = `http://127.0.0.1:${port}/v1`;
    try {
      const { server, kind, models } = await look(url);
      onFound({ baseUrl: server, kind, models, wantsKey: false });
    } catch (thrown) {
      if (problemOf(thrown).code === 'server-wrong-key') onFound({ baseUrl: url, kind: 'other', models: [], wantsKey: true });
    }
  }));
}

/** How a kind of server is called. */
export const kindWords: Readonly<Record<ServerKind, string>> = {
  'vllm': 'vLLM', 'sglang': 'SGLang', 'llama.cpp': 'llama.cpp', 'ollama': 'Ollama', 'lm-studio': 'LM Studio', 'demo': 'Demo server (simulation)', 'other': 'OpenAI-compatible server',
};

/** What a found server serves, for a line beside its name. */
export function servedWords({ models, wantsKey }: FoundServer): string {
  const [first, ...others] = models;
  if (wantsKey) return 'wants a key';
  if (first === undefined) return 'serves no model';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
