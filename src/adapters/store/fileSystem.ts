import { statfsSync } from 'node:fs';
import path from 'node:path';
import { problemError } from '../../core/model/problem.ts';

/** How a place keeps files: on a disk of this machine, or reached over a network, where shared memory and some locks do not hold. */
export type StorageKind = 'local' | 'network';

/**
 * File systems on which a write-ahead log is not safe, by the type number that `statfs` gives.
 * Source: include/uapi/linux/magic.h and the file systems' own sources.
 */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'], [0x517b, 'SMB'], [0xff534d42, 'CIFS'], [0xfe534d42, 'SMB2'], [0x564c, 'NCP'],
  [0x0bd00bd0, 'Lustre'], [0x47504653, 'GPFS'], [0x19830326, 'BeeGFS'], [0x00c36400, 'CephFS'], [0xaad7aaea, 'PanFS'], [0x20030528, 'OrangeFS'],
  [0x01161970, 'GFS2'], [0x7461636f, 'OCFS2'], [0x61636673, 'ACFS'], [0x5346414f, 'AFS'], [0x6b414653, 'kAFS'], [0x73757245, 'Coda'],
  [0x65735546, 'FUSE'], [0x01021997, '9p'], [0x786f4256, 'VirtualBox'], [0xbacbacbc, 'VMware'], [0x7c7c6673, 'Parallels'], [0x53464846, 'WSL'],
]);

/**
 * What a person says of the storage where it is found out wrongly: `network` is safe anywhere, `local` is not.
 *
 * @param value of the environment variable REGENESIS_STORAGE; absent or empty: to be found out. Throws `usage` for another word
 */
export function storageNamed(value: string | undefined): StorageKind | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === 'network' || value === 'local') return value;
  throw problemError('usage', `REGENESIS_STORAGE is ${JSON.stringify(value)}: say network for a project on a drive that other machines reach too, or local; without it the file system is asked.`);
}

/** What a type number of `statfs` stands for; unknown ones are taken for local. */
export const storageOfType = (type: number): StorageKind => (networkTypes.has(type >>> 0) ? 'network' : 'local');

/**
 * Where a file is kept. Linux tells by the file system's type; Windows by the path (`\\server\share`); elsewhere everything counts as local.
 *
 * @param file absolute path; its folder exists
 */
export function storageOf(file: string): StorageKind {
  if (process.platform === 'win32') return file.startsWith('\\\\') && !file.startsWith('\\\\?\\') ? 'network' : 'local';
  if (process.platform !== 'linux') return 'local';
  return storageOfType(statfsSync(path.dirname(file)).type);
}
