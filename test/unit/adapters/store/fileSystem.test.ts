import assert from 'node:assert/strict';
import { storageNamed, storageOfType } from '../../../../src/adapters/store/fileSystem.ts';
import { refusal } from '../../../contract/store.ts';

describe('the kind of a file system', () => {
  it('is network for every one that is reached over a wire', () => {
    const types = { nfs: 0x6969, cifs: 0xff534d42, smb2: 0xfe534d42, lustre: 0x0bd00bd0, fuse: 0x65735546, '9p': 0x01021997, gpfs: 0x47504653, beegfs: 0x19830326, ceph: 0x00c36400, afs: 0x5346414f };
    for (const [name, type] of Object.entries(types)) assert.equal(storageOfType(type), 'network', name);
    assert.equal(storageOfType(0xff534d42 | 0), 'network', 'as a negative number');
  });

  it('is what a person says it is', () => {
    assert.deepEqual(['network', 'local', '', undefined].map(storageNamed), ['network', 'local', undefined, undefined]);
    assert.match(refusal('usage', () => storageNamed('nfs')), /REGENESIS_STORAGE is "nfs": say network .* or local/);
  });

  it('is local for the usual disks', () => {
    const types = { ext4: 0xef53, xfs: 0x58465342, btrfs: 0x9123683e, overlay: 0x794c7630, tmpfs: 0x01021994, zfs: 0x2fc12fc1, windows: 0 };
    for (const [name, type] of Object.entries(types)) assert.equal(storageOfType(type), 'local', name);
  });
});
