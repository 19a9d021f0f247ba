import type * as vscode from 'vscode';
import type * as z from 'zod/mini';
import type { projectRequests } from '../../contract/promptLanguage.ts';

type Params<Name extends keyof typeof projectRequests> = z.infer<(typeof projectRequests)[Name]['params']>;
type Result<Name extends keyof typeof projectRequests> = z.infer<(typeof projectRequests)[Name]['result']>;

/** What the projects of this window can tell the server of the prompt language: each of `projectRequests`. Null where no project knows. */
export type HostFacts = { readonly [Name in keyof typeof projectRequests]: (params: Params<Name>, token: vscode.CancellationToken) => Promise<Result<Name>> };
