import assert from 'node:assert/strict';
import process from 'node:process';

/** What a part was started for, from the environment. */
export const given = (name: string): string => process.env[name] ?? assert.fail(`${name} is not set: run this with npm run test:real`);
