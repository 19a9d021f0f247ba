// Real Slurm, sshd, Ray and vLLM on loopback, everything that they write below one folder. Nothing of them is left once it has been stopped.
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, hostname, totalmem } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const rayVersion = '2.60.0';
const ports = { slurmctld: 26_817, slurmd: 26_818, sshd: 20_022, ray: 26_379, dashboard: 28_265, vllm: 28_000 };

/** Runs a program and gives what it wrote. Throws what it complained of. */
export function run(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, ...environment } });
  if (status === 0) return stdout.trim();
  throw new Error(`${[program, ...words].join(' ')}: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
}

const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program} || command -v /usr/sbin/${program}`]).status === 0;

/** Packages of Debian that are not there yet. Throws where they cannot be had. */
export function install(programs: Readonly<Record<string, string>>): void {
  const missing = Object.entries(programs).filter(([program]) => !isThere(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !isThere('apt-get')) throw new Error(`${missing.join(', ')} cannot be installed: that takes root on Debian`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], quiet);
  run('apt-get', ['install', '-qy', '--no-install-recommends', ...missing], quiet);
}

/** Alive, and not a zombie: process 1 of a container may never reap. */
function lives(pid: number): boolean {
  const file = `/proc/${pid}/status`;
  return existsSync(file) && !/^State:\s*[ZX]/m.test(readFileSync(file, 'utf8'));
}

async function end(pidFile: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (!lives(pid)) return;
  process.kill(pid, signal);
  await waitFor(() => !lives(pid), `the end of process ${pid}`);
}

async function waitFor(is: () => boolean, what: string, seconds = 30): Promise<void> {
  for (let tries = 0; tries < seconds * 10; tries += 1) {
    if (is()) return;
    await sleep(100);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** A Slurm of one node with two pretended GPUs, for root alone. @returns the environment in which its programs find it */
export async function startSlurm(root: string): Promise<{ readonly version: string; readonly environment: Readonly<Record<string, string>> }> {
  install({ sbatch: 'slurm-wlm', munged: 'munge' });
  const folder = path.join(root, 'slurm');
  const node = hostname().split('.')[0] ?? 'localhost';
  for (const each of ['munge', 'state', 'spool']) mkdirSync(path.join(folder, each), { recursive: true });
  chmodSync(root, 0o755); // the daemons have users of their own
  const at = (name: string) => path.join(folder, name);
  if (!existsSync(at('munge/key'))) run('dd', ['if=/dev/urandom', `of=${at('munge/key')}`, 'bs=128', 'count=1']);
  chmodSync(at('munge/key'), 0o600);
  run('chown', ['-R', 'munge:', at('munge')]);
  for (const log of ['slurmctld.log', 'slurmd.log']) appendFileSync(at(log), '');
  run('chown', ['slurm:', folder, at('state'), at('slurmctld.log')]);
  writeFileSync(at('gres.conf'), `NodeName=${node} Name=gpu File=/dev/null\nNodeName=${node} Name=gpu File=/dev/zero\n`);
  // 22.05 always loads one, and v1 touches nothing while no plugin asks for it
  writeFileSync(at('cgroup.conf'), 'CgroupPlugin=cgroup/v1\n');
  writeFileSync(at('slurm.conf'), `ClusterName=real
SlurmctldHost=${node}(127.0.0.1)
SlurmctldPort=${ports.slurmctld}
SlurmdPort=${ports.slurmd}
SlurmUser=slurm
AuthInfo=socket=${at('munge/socket')}
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
ReturnToService=2
KillWait=2
DefMemPerCPU=256
GresTypes=gpu
NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus().length} RealMemory=${Math.floor(totalmem() / 2 ** 20 * 0.8)} Gres=gpu:2 State=UNKNOWN
PartitionName=main Nodes=${node} Default=YES MaxTime=60 DefaultTime=10 OverSubscribe=FORCE:8 State=UP
`);
  const environment = { SLURM_CONF: at('slurm.conf') };
  run('setpriv', ['--reuid', 'munge', '--regid', 'munge', '--clear-groups', 'munged', '--force', `--key-file=${at('munge/key')}`, `--socket=${at('munge/socket')}`, `--pid-file=${at('munge/pid')}`, `--log-file=${at('munge/log')}`, `--seed-file=${at('munge/seed')}`]);
  run('slurmctld', [], environment);
  run('slurmd', ['-N', node], environment);
  await waitFor(() => spawnSync('sinfo', ['-h', '-o', '%T'], { encoding: 'utf8', env: { ...process.env, ...environment } }).stdout.trim() === 'idle', 'an idle node');
  return { version: run('sbatch', ['--version'], environment), environment };
}

/** Ends it with every job of it. */
export async function stopSlurm(root: string): Promise<void> {
  const folder = path.join(root, 'slurm');
  const environment = { ...process.env, SLURM_CONF: path.join(folder, 'slurm.conf') };
  spawnSync('scancel', ['--state=RUNNING'], { env: environment });
  spawnSync('scancel', ['--state=PENDING'], { env: environment });
  await sleep(1_000);
  for (const name of ['slurmd.pid', 'slurmctld.pid', 'munge/pid']) await end(path.join(folder, name));
}

/** An sshd for whoever runs the tests. @returns a folder with an `ssh` that knows it as the host `real` */
export async function startSshd(root: string): Promise<{ readonly version: string; readonly bin: string }> {
  install({ sshd: 'openssh-server', ssh: 'openssh-client' });
  const folder = path.join(root, 'sshd');
  const at = (name: string) => path.join(folder, name);
  mkdirSync(at('bin'), { recursive: true });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true }); // where it parts with its rights; systemd makes it elsewhere
  for (const key of ['host', 'client']) if (!existsSync(at(key))) run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)]);
  writeFileSync(at('known'), `[127.0.0.1]:${ports.sshd} ${readFileSync(at('host.pub'), 'utf8')}`);
  // below /tmp, which all may write to, the strict modes turn every key away
  writeFileSync(at('sshd_config'), `ListenAddress 127.0.0.1
Port ${ports.sshd}
HostKey ${at('host')}
PidFile ${at('pid')}
AuthorizedKeysFile ${at('client.pub')}
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
SetEnv SLURM_CONF=${path.join(root, 'slurm', 'slurm.conf')}
`);
  const host = (name: string, key: string, known: string) => `Host ${name}
  HostName 127.0.0.1
  Port ${ports.sshd}
  IdentitiesOnly yes
  IdentityFile ${at(key)}
  UserKnownHostsFile ${at(known)}
  GlobalKnownHostsFile /dev/null
`;
  writeFileSync(at('config'), host('real', 'client', 'known') + host('wrong-key', 'host', 'known') + host('unknown-host', 'client', 'none'));
  writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec ${run('sh', ['-c', 'command -v ssh'])} -F '${at('config')}' "$@"\n`);
  chmodSync(at('bin/ssh'), 0o755);
  run(existsSync('/usr/sbin/sshd') ? '/usr/sbin/sshd' : 'sshd', ['-f', at('sshd_config'), '-E', at('log')]);
  await waitFor(() => spawnSync(at('bin/ssh'), ['-o', 'BatchMode=yes', 'real', 'true']).status === 0, 'sshd');
  return { version: (spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr).trim(), bin: at('bin') };
}

/** Ends it with every connection of it. */
export async function stopSshd(root: string): Promise<void> {
  const pidFile = path.join(root, 'sshd', 'pid');
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : '';
  const sessions = pid === '' ? '' : spawnSync('ps', ['--ppid', pid, '-o', 'pid='], { encoding: 'utf8' }).stdout;
  await end(pidFile);
  for (const session of sessions.split(/\s+/).filter(each => each !== '')) if (lives(Number(session))) process.kill(Number(session), 'SIGTERM');
}

/** A Ray of one node. `REGENESIS_RAY_VENV` names a virtual environment that has it already. */
export async function startRay(root: string): Promise<{ readonly version: string; readonly url: string }> {
  const folder = path.join(root, 'ray');
  mkdirSync(folder, { recursive: true });
  const venv = process.env['REGENESIS_RAY_VENV'] ?? path.join(root, 'venv');
  if (!existsSync(path.join(venv, 'bin', 'ray'))) {
    const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
    if (spawnSync(python, ['-m', 'ensurepip', '--version']).status !== 0) install({ 'no-such-program': 'python3-venv' });
    run(python, ['-m', 'venv', venv]);
    run(path.join(venv, 'bin', 'pip'), ['install', '--quiet', `ray[default]==${rayVersion}`]);
  }
  const log = path.join(folder, 'log');
  // on Linux 127.0.0.1 is replaced by the outer address, but for this switch; a fixed port of its own needs the ports of workers to be free ones
  const environment: NodeJS.ProcessEnv = { ...process.env, PATH: `${path.join(venv, 'bin')}:${process.env['PATH'] ?? ''}`, RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0', RAY_USAGE_STATS_ENABLED: '0', RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S: '0' };
  delete environment['PYTHONDONTWRITEBYTECODE']; // each worker would compile all of it again
  const output = openSync(log, 'w');
  const child = spawn('ray', [
    'start', '--head', '--block', '--node-ip-address=127.0.0.1', `--port=${ports.ray}`, '--min-worker-port=0', '--max-worker-port=0', '--num-cpus=2', '--num-gpus=0', '--object-store-memory=100000000', `--temp-dir=${folder}`,
    '--disable-usage-stats', '--include-dashboard=true', '--dashboard-host=127.0.0.1', `--dashboard-port=${ports.dashboard}`,
  ], { env: environment, detached: true, stdio: ['ignore', output, output] });
  child.unref();
  writeFileSync(path.join(folder, 'pid'), String(child.pid));
  await waitFor(() => readFileSync(log, 'utf8').includes('Ray runtime started'), `Ray, which says ${readFileSync(log, 'utf8').slice(-500)}`, 90);
  return { version: `Ray ${rayVersion}`, url: `http://127.0.0.1:${ports.dashboard}` };
}

/** `ray stop` would end every Ray of this machine; ours is one session. */
export async function stopRay(root: string): Promise<void> {
  await endSession(path.join(root, 'ray', 'pid'));
}

/** A vLLM on a processor that takes adapters while it runs, and what it serves is called `tiny`. @param python of an environment that has it */
export async function startVllm(root: string, { python, model }: { readonly python: string; readonly model: string }): Promise<{ readonly version: string; readonly url: string }> {
  const folder = path.join(root, 'vllm');
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'log');
  const environment: NodeJS.ProcessEnv = {
    ...process.env, VLLM_CPU_KVCACHE_SPACE: '1', VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True', VLLM_NO_USAGE_STATS: '1', VLLM_HOST_IP: '127.0.0.1', HF_HUB_OFFLINE: '1', PATH: `${path.dirname(python)}:${process.env['PATH'] ?? ''}`,
  };
  delete environment['PYTHONDONTWRITEBYTECODE']; // it would compile all of it again at each start
  const output = openSync(log, 'w');
  // in pieces, a prompt with a seed ends vLLM 0.32 on a processor: it would turn back a generator that cannot be turned back there
  const child = spawn(python, [
    '-m', 'vllm.entrypoints.openai.api_server', '--model', model, '--served-model-name', 'tiny', '--host', '127.0.0.1', `--port=${ports.vllm}`,
    '--dtype', 'float32', '--max-model-len', '8192', '--max-num-batched-tokens', '8192', '--no-enable-chunked-prefill', '--enforce-eager', '--enable-lora', '--max-lora-rank', '16',
  ], { env: environment, detached: true, stdio: ['ignore', output, output] });
  child.unref();
  writeFileSync(path.join(folder, 'pid'), String(child.pid));
  const url = `http://127.0.0.1:${ports.vllm}`;
  for (let tries = 0; !(await fetch(`${url}/health`).then(({ ok }) => ok, () => false)); tries += 1) {
    if (child.exitCode !== null || tries > 360) throw new Error(`vLLM does not answer, and says ${readFileSync(log, 'utf8').slice(-2_000)}`);
    await sleep(500);
  }
  const { version } = await (await fetch(`${url}/version`)).json() as { readonly version: string };
  return { version: `vLLM ${version}`, url: `${url}/v1` };
}

/** Ends it with its engine and workers. */
export const stopVllm = (root: string): Promise<void> => endSession(path.join(root, 'vllm', 'pid'));

/** Ends a process that leads a session, and whatever else is in that. */
async function endSession(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const session = readFileSync(pidFile, 'utf8');
  const members = () => spawnSync('ps', ['-s', session, '-o', 'pid='], { encoding: 'utf8' }).stdout.split(/\s+/).filter(each => each !== '').map(Number).filter(lives);
  if (lives(Number(session))) process.kill(Number(session), 'SIGTERM');
  await waitFor(() => members().length === 0, 'the end of its session', 10).catch(() => undefined);
  for (const pid of members()) process.kill(pid, 'SIGKILL');
}
