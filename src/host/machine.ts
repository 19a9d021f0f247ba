import { hostname } from 'node:os';
import * as vscode from 'vscode';

/** Which machine `127.0.0.1` is: with a remote window it is not the one the person sits at. */
export const thisMachine = (): string => `${hostname()}${vscode.env.remoteName === undefined ? '' : `, the machine behind ${vscode.env.remoteName}`}`;
