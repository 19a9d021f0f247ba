import os from 'node:os';
import { readSetting } from '../contributions.ts';

/** Most characters of a name, as the contract has it. */
const longestName = 200;

/** Under which name reviews are kept: the one in the settings, else that of the account. */
export function reviewerName(): string {
  return readSetting('regenesis.review.reviewer').trim().slice(0, longestName) || accountName();
}

function accountName(): string {
  try {
    return os.userInfo().username.slice(0, longestName) || 'reviewer';
  } catch {
    return 'reviewer'; // an account without an entry, as in a container
  }
}
