import type * as vscode from 'vscode';
import type { RunChoices } from '../../contract/engine.ts';
import type { ServerSetting } from '../../contract/reports.ts';
import { problemError } from '../../core/model/problem.ts';

/** The origin of a server's address, such as `https://api.example.com`. Throws `server-bad-request`. */
export function originOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw problemError('server-bad-request', `${baseUrl} is no address of a server; it begins with http:// or https://.`);
}

/** Keys of servers, each bound to the origin it was given for: a project file of somebody else cannot send one elsewhere. */
export class ServerKeys {
  readonly #secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>;

  constructor(secrets: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>) {
    this.#secrets = secrets;
  }

  async get(baseUrl: string): Promise<string | undefined> {
    return this.#secrets.get(secretName(baseUrl));
  }

  async set(baseUrl: string, key: string): Promise<void> {
    await this.#secrets.store(secretName(baseUrl), key);
  }

  async forget(baseUrl: string): Promise<void> {
    await this.#secrets.delete(secretName(baseUrl));
  }

  /** The keys of a project's servers by origin, as a run takes them. An address that is none has none. */
  async forRun(setting: ServerSetting | null | undefined): Promise<Required<Pick<RunChoices, 'apiKeys'>>> {
    const found = await Promise.all(addressesOf(setting).filter(url => /^https?:\/\//i.test(url) && URL.canParse(url)).map(async url => [originOf(url), await this.get(url)] as const));
    return { apiKeys: Object.fromEntries(found.flatMap(([origin, key]) => (key === undefined ? [] : [[origin, key] as const]))) };
  }
}

/** Every address that a project names. */
export const addressesOf = (setting: ServerSetting | null | undefined): readonly string[] =>
  setting ? [setting.baseUrl, ...setting.replicas ?? [], ...setting.judge ? [setting.judge.baseUrl] : []] : [];

const secretName = (baseUrl: string): string => `server-key:${originOf(baseUrl)}`;
